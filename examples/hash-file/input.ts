// Reading through WASI: @assemblyscript/wasi-shim has the imports, but no files.
import { errno, errnoToString, fd_read, oflags, path_open, rights } from "bindings/wasi_snapshot_preview1";

/** The first folder that the host has opened for the guest. */
const FOLDER: u32 = 3;

/** Where results of imports are written: a pointer and a length, then a number. */
const scratch = memory.data(16, 8);

@final
export class Input {
  private constructor(private descriptor: u32) {}

  static standard(): Input {
    return new Input(0);
  }

  /** A file below the folder of the host. */
  static file(path: string): Input {
    const name = String.UTF8.encode(path);
    const failure = path_open(FOLDER, 1, changetype<usize>(name), name.byteLength, <oflags>0, rights.FD_READ, 0, 0, scratch);
    if (failure != errno.SUCCESS) throw new Error(path + ": " + errnoToString(failure));
    return new Input(load<u32>(scratch));
  }

  /** Fills the start of a buffer and says how far; 0 at the end of the input. */
  read(buffer: StaticArray<u8>): u32 {
    store<usize>(scratch, changetype<usize>(buffer));
    store<usize>(scratch, buffer.length, 4);
    const failure = fd_read(this.descriptor, scratch, 1, scratch + 8);
    if (failure != errno.SUCCESS) throw new Error("reading: " + errnoToString(failure));
    return load<u32>(scratch, 8);
  }
}
