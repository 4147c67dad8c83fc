// The other side of genlab/views/pack.py: one buffer from Python becomes {meta, name: {shape, data}}.
const TYPED = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };

export function unpack(bytes) {
  // Typed arrays must start at a multiple of their item's size: copy where the message did not put them there.
  if (bytes.byteOffset % 8) bytes = bytes.slice();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const result = { meta: header.meta };
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const size = shape.reduce((a, b) => a * b, 1);
    result[name] = { shape, data: new TYPED[dtype](bytes.buffer, start + offset, size) };
  }
  return result;
}
