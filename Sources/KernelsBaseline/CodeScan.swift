public import KernelTypes

/// Bounds the products of queries and rows of 8-bit codes.
///
/// The inner loop is plain: the compiler makes pairs of products and sums of it.
public func boundProducts(_ block: CodeScanBlock) {
  unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowsPerCodeGroup) { sums in
    guard let sums = sums.baseAddress else { return }
    for group in unsafe 0..<block.groups {
      let codes = unsafe block.codes + group * block.pairs * 2 * rowsPerCodeGroup
      for query in unsafe 0..<block.queryCount {
        unsafe addCodes(codes, block.queries + query, block.queryCount, block.pairs, sums)
        unsafe bound(block, query, group, sums)
      }
    }
  }
}

/// The sums of one group's rows.
@inline(__always)
private func addCodes(
  _ codes: UnsafePointer<Int8>, _ query: UnsafePointer<Int32>, _ stride: Int, _ pairs: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  for row in 0..<rowsPerCodeGroup { unsafe sums[row] = 0 }
  var codes = unsafe codes
  for pair in 0..<pairs {
    let word = unsafe query[pair &* stride]
    let (low, high) = (Int32(Int16(truncatingIfNeeded: word)), word >> 16)
    for row in 0..<rowsPerCodeGroup {
      unsafe sums[row] &+= low &* Int32(codes[2 &* row]) &+ high &* Int32(codes[2 &* row &+ 1])
    }
    unsafe codes += 2 * rowsPerCodeGroup
  }
}

/// What a query's bounds of a group are, from its sums.
@inline(__always)
private func bound(
  _ block: CodeScanBlock, _ query: Int, _ group: Int, _ sums: UnsafePointer<Int32>
) {
  let first = group * rowsPerCodeGroup
  let output = unsafe block.output + query * block.outputStride + first
  let (scales, errors, lengths) = unsafe (
    block.scales + first, block.errors + first, block.lengths + first
  )
  let (scale, length, error) = unsafe (
    block.queryScales[query], block.queryLengths[query], block.queryErrors[query]
  )
  let floor = unsafe block.floors[query]
  var candidates: UInt16 = 0
  for row in 0..<rowsPerCodeGroup {
    let estimate = unsafe scales[row] * scale * Float(sums[row])
    let bound = unsafe estimate + errors[row] * length + lengths[row] * error
    unsafe output[row] = bound
    candidates |= bound >= floor ? 1 << UInt16(row) : 0
  }
  let place = unsafe query * (block.outputStride / rowsPerCodeGroup) + group
  unsafe block.candidates[place] = candidates
}
