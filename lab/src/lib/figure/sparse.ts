// Curves of many points, with those that the eye does not miss left out: a page with fewer numbers comes sooner.

export type Point = readonly [number, number]

/** The points of the path that are needed for it to pass all others within `tolerance`. Its ends stay. */
export function sparse(points: readonly Point[], tolerance: number): Point[] {
  const kept = points.map((_, i) => i === 0 || i === points.length - 1)
  const spans: [number, number][] = [[0, points.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span
    let [far, most] = [0, tolerance]
    for (let i = from + 1; i < to; i++) {
      const off = distance(points[i]!, points[from]!, points[to]!)
      if (off > most) [far, most] = [i, off]
    }
    if (far === 0) continue
    kept[far] = true
    spans.push([from, far], [far, to])
  }
  return points.filter((_, i) => kept[i])
}

/** How far `p` is from the line between `a` and `b`. */
function distance(p: Point, a: Point, b: Point): number {
  const [x, y] = [b[0] - a[0], b[1] - a[1]]
  const length = x * x + y * y
  const along = length === 0 ? 0 : ((p[0] - a[0]) * x + (p[1] - a[1]) * y) / length
  const t = Math.min(1, Math.max(0, along))
  return Math.hypot(p[0] - a[0] - t * x, p[1] - a[1] - t * y)
}
