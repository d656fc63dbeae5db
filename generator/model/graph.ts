/** Graphs of modules and types. Without recursion: a chain may be longer than the stack is deep. */

interface Step<N> {
  readonly node: N;
  readonly edges: readonly N[];
  next: number;
}

/** Depth first, in the order given. `leave` is told each node once, after all it leads to; `circle` each path that comes back to itself. */
function explore<N>(
  nodes: Iterable<N>,
  edgesOf: (node: N) => Iterable<N>,
  leave: (node: N) => void,
  circle: (path: readonly N[]) => void,
): void {
  const done = new Set<N>();
  for (const root of nodes) {
    if (done.has(root)) continue;
    const path: Step<N>[] = [{ node: root, edges: [...edgesOf(root)], next: 0 }];
    const depth = new Map<N, number>([[root, 0]]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const target = step.edges[step.next];
      if (step.next >= step.edges.length || target === undefined) {
        path.pop();
        depth.delete(step.node);
        done.add(step.node);
        leave(step.node);
        continue;
      }
      step.next += 1;
      const start = depth.get(target);
      if (start !== undefined) {
        circle(path.slice(start).map((each) => each.node));
      } else if (!done.has(target)) {
        depth.set(target, path.length);
        path.push({ node: target, edges: [...edgesOf(target)], next: 0 });
      }
    }
  }
}

/** Circles, none of which shares a node with one found before. */
export function circles<N>(nodes: Iterable<N>, edgesOf: (node: N) => Iterable<N>): readonly (readonly N[])[] {
  const found: (readonly N[])[] = [];
  const taken = new Set<N>();
  explore(
    nodes,
    edgesOf,
    () => undefined,
    (path) => {
      if (path.some((node) => taken.has(node))) return;
      for (const node of path) taken.add(node);
      found.push(path);
    },
  );
  return found;
}

/** All that can be reached, what is led to first. Circles are cut anywhere. */
export function targetsFirst<N>(nodes: Iterable<N>, edgesOf: (node: N) => Iterable<N>): readonly N[] {
  const ordered: N[] = [];
  explore(
    nodes,
    edgesOf,
    (node) => ordered.push(node),
    () => undefined,
  );
  return ordered;
}
