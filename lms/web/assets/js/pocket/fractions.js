// Exact fractions, as texts in lowest terms: `2/3`, `1`, `0`, as the server writes them (lms/learning/progress_json.py).
const parts = (text) => {
  const [above, below = "1"] = text.split("/");
  return [BigInt(above), BigInt(below)];
};
const divisor = (one, other) => (other ? divisor(other, one % other) : one);
const made = (above, below) => {
  const common = divisor(above < 0 ? -above : above, below);
  return below === common ? String(above / common) : `${above / common}/${below / common}`;
};
export const share = (count, of) => made(BigInt(count), BigInt(of));
export const less = (one, other) => {
  const [a, b] = parts(one);
  const [c, d] = parts(other);
  return a * d < c * b;
};
export const most = (one, other) => (less(one, other) ? other : one);

// The points earned over the points there are, for [points, share] of each; nothing where there are none.
export const weighted = (weighed) => {
  let [above, below, total] = [BigInt(0), BigInt(1), BigInt(0)];
  for (const [points, each] of weighed) {
    const [count, of] = parts(each);
    above = above * of + BigInt(points) * count * below;
    below *= of;
    total += BigInt(points);
  }
  return total ? made(above, below * total) : "0";
};
// Whether the share is that many per cent or more.
export const reaches = (text, percent) => !less(text, share(percent, 100));
