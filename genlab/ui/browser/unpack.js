// The other side of genlab/views/pack.py: one safetensors block from Python becomes {meta, name: {shape, data}}.
const TYPED = { U8: Uint8Array, I32: Int32Array, F32: Float32Array };

export function unpack(bytes) {
  // Typed arrays must start at a multiple of their item's size: copy where the message did not put them there.
  if (bytes.byteOffset % 8) bytes = bytes.slice();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);  // of 8 bytes: the rest are 0
  const { __metadata__: { meta }, ...arrays } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const start = bytes.byteOffset + 8 + length;
  const result = { meta: JSON.parse(meta) };
  for (const [name, { dtype, shape, data_offsets: [from] }] of Object.entries(arrays)) {
    const size = shape.reduce((a, b) => a * b, 1);
    result[name] = { shape, data: new TYPED[dtype](bytes.buffer, start + from, size) };
  }
  return result;
}
