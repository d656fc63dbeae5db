// A guest of `component.wit`: what the host calls it with goes on to the host, and back.
import {
  Blob, Bytes, Color, E, Failure, Holder, Nest, None, Option, Out, Owned, OwnRecord, Permissions, Pipe, Point, Result, Shape, ShapeTag,
  Tuple1, Tuple15, Tuple2, Tuple3, Tuple4, Tuple6, errno, expect, f, failureName, flip as hostFlip, inMemory as hostInMemory, lists as hostLists,
  log, echoNest as hostNest, ok, one as hostOne, options as hostOptions, results as hostResults, scalars as hostScalars, echoShape as hostShape, value,
} from "my-app";

export namespace run {
  export function run(p: Point, b: Blob): bool {
    log(p.label === null ? "null" : p.label!);
    return b.read().length == 3;
  }
  export function fails(): Result<None, string> {
    return Result.err<None, string>("as it must");
  }
}
export function echoNest(n: Nest): Nest { return hostNest(n); }
export function echoShape(s: Shape): Shape { return hostShape(s); }
export function scalars(a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: f32, j: f64, k: bool, l: u32, m: Color, n: Permissions, o: string): Tuple15<u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool, u32, Color, Permissions, string> {
  return hostScalars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
}
export function options(a: Option<u32>, b: Uint8Array | null, c: Option<f32>, d: string | null): Tuple4<Option<u32>, Uint8Array | null, Option<f32>, string | null> {
  return hostOptions(a, b, c, d);
}
export function lists(a: Array<u16>, b: Array<string>, c: Array<bool>, d: Uint8Array, e: Array<Color>, f: Array<Array<f64>>): Tuple6<Array<u16>, Array<string>, Array<bool>, Uint8Array, Array<Color>, Array<Array<f64>>> {
  return hostLists(a, b, c, d, e, f);
}
export function results(a: Result<u8, string>, b: Result<None, Color>, c: Result<Nest, None>): Tuple3<Result<u8, string>, Result<None, Color>, Result<Nest, None>> {
  return hostResults(a, b, c);
}
export function one(x: Tuple1<f32>): Tuple1<f32> { return hostOne(x); }
export function flip(a: bool): bool { return hostFlip(a); }
export function blobs(a: Array<Blob>, b: Blob, h: Holder, o: Blob | null): Tuple2<Array<Blob>, Blob | null> {
  const kept: Array<Blob> = [b];
  if (o !== null) kept.push(Blob.merge(a[0], o));
  return new Tuple2<Array<Blob>, Blob | null>(kept, h.n > 0 ? h.b : null);
}
export function signIt(message: Uint8Array): Uint8Array { return message.slice(0).reverse(); }
export function greet(who: string): string { return "hello, " + who; }
export function inMemory(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64, j: u64, k: u64, l: u64, m: u64, n: u64, o: string, p: Uint8Array, q: OwnRecord): u64 {
  const made = hostInMemory(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  return a + n + <u64>o.length + <u64>p[0] + <u64>q.a + <u64>made.l.length;
}
export function release(load: string): string { return load; }
export function delete_(): u8 { return <u8>f(E.B); }
export function guest(): Owned { return changetype<Owned>(77); }
