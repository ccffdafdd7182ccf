public import KernelTypes

/// Bounds the products of queries and rows of 8-bit codes.
///
/// In 16-bit arithmetic, which every processor has: a register has two bytes of each row in a lane,
/// and each byte halves of two codes.
public func boundProducts(_ block: CodeScanBlock) {
  for query in unsafe 0..<block.queryCount {
    unsafe block.counts[query] = 0
    for group in unsafe 0..<block.groups {
      unsafe sumUpper(block, query, group)
      unsafe refine(block, query, group, marks: marks(block, query, group))
    }
  }
}

@inline(__always)
private func upperHalves(_ block: CodeScanBlock, _ group: Int) -> UnsafeRawPointer {
  unsafe UnsafeRawPointer(block.upper) + group * CodeScanBlock.bytesPerGroup(steps: block.steps)
}

/// Each step adds two products of 15 · 127 at most to a sum; those of eight steps stay below 2¹⁵.
@inline(__always) private var stepsPerSum: Int { 8 }

/// Sums of the upper halves of a group for one query.
@inline(__always)
private func sumUpper(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let (steps, stride) = unsafe (block.steps, block.queryCount)
  for part in 0..<rowsPerCodeGroup / Words.scalarCount {
    let row = part * Words.scalarCount
    var bytes = unsafe upperHalves(block, group) + 4 * row
    var codes = unsafe block.codes + query
    var total = Words(repeating: 0)
    for first in Swift.stride(from: 0, to: steps, by: stepsPerSum) {
      var (even, odd) = (ShortWords(repeating: 0), ShortWords(repeating: 0))
      for _ in first..<min(steps, first + stepsPerSum) {
        let words = unsafe bytes.loadUnaligned(as: ShortWords.self)
        let (low, high) = unsafe (pairs(codes[0]), pairs(codes[stride]))
        even &+= (words & 15) &* low.even &+ (words &>> 4 & 15) &* high.even
        odd &+= (words &>> 8 & 15) &* low.odd &+ (words &>> 12 & 15) &* high.odd
        unsafe bytes += 4 * rowsPerCodeGroup
        unsafe codes += 2 * stride
      }
      total &+= widened(even) &+ widened(odd)
    }
    unsafe UnsafeMutableRawPointer(block.sums + row).storeBytes(of: total, as: Words.self)
  }
}

/// Of four signed bytes the first and third, and the second and fourth, in the two halves of each
/// word.
@inline(__always)
private func pairs(_ bytes: Int32) -> (even: ShortWords, odd: ShortWords) {
  let words = unsafe unsafeBitCast(Words(repeating: bytes), to: ShortWords.self)
  return ((words &<< 8) &>> 8, words &>> 8)
}

/// The sum of both halves of each word.
@inline(__always)
private func widened(_ halves: ShortWords) -> Words {
  let words = unsafe unsafeBitCast(halves, to: Words.self)
  return (words &<< 16) &>> 16 &+ words &>> 16
}

/// What one step of each row of a group is worth, and then the errors.
@inline(__always)
private func scales(_ block: CodeScanBlock, _ group: Int) -> UnsafePointer<Float> {
  unsafe (upperHalves(block, group) + 4 * rowsPerCodeGroup * block.steps)
    .assumingMemoryBound(to: Float.self)
}

/// The rows of a group that may reach a query's floor, the first in the lowest bit.
@inline(__always)
private func marks(_ block: CodeScanBlock, _ query: Int, _ group: Int) -> UInt16 {
  let coded = unsafe block.queries[query]
  let scales = unsafe scales(block, group)
  let errors = unsafe scales + rowsPerCodeGroup
  var marks: UInt16 = 0
  for lane in 0..<rowsPerCodeGroup {
    let product = unsafe Float(block.sums[lane]) * coded.coarseStep + coded.coarseOffset
    let bound = unsafe scales[lane] * product + errors[lane] * coded.length + coded.slack
    marks |= bound >= coded.floor ? 1 << UInt16(lane) : 0
  }
  return marks
}

/// Bounds what is marked by all bits of the codes, and lists what still may reach the query's floor.
@inline(__always)
private func refine(_ block: CodeScanBlock, _ query: Int, _ group: Int, marks: UInt16) {
  let coded = unsafe block.queries[query]
  let scales = unsafe scales(block, group)
  let bytes = unsafe CodeScanBlock.bytesPerRow(steps: block.steps)
  let codes = unsafe UnsafeRawPointer(block.codesInOrder + 2 * bytes / 4 * query)
    .assumingMemoryBound(to: Int8.self)
  var left = marks
  while left != 0 {
    let lane = left.trailingZeroBitCount
    left &= left &- 1
    let row = group * rowsPerCodeGroup + lane
    let lower = unsafe block.lower + row * bytes
    var sum = unsafe block.sums[lane] &* 16
    for byte in 0..<bytes {
      let halves = unsafe lower[byte]
      unsafe sum &+= Int32(halves & 15) &* Int32(codes[byte])
      unsafe sum &+= Int32(halves >> 4) &* Int32(codes[bytes &+ byte])
    }
    let bound =
      unsafe scales[lane] * (Float(sum) * coded.fineStep + coded.fineOffset) + coded.slack
    guard bound >= coded.floor else { continue }
    let place = unsafe query * block.groups * rowsPerCodeGroup + block.counts[query]
    unsafe block.rows[place] = Int32(truncatingIfNeeded: row)
    unsafe block.bounds[place] = bound
    unsafe block.counts[query] += 1
  }
}
