public import KernelTypes

/// Bounds the products of one query and rows of 8-bit codes, at the speed of memory.
///
/// The inner loop is plain: the compiler makes pairs of products and sums of it, and one row's
/// codes fill one or two registers.
public func boundProducts(_ block: CodeScanBlock) {
  var codes = unsafe block.codes
  for row in unsafe 0..<block.rows {
    var sum: Int32 = 0
    for index in unsafe 0..<block.codesPerRow {
      unsafe sum &+= Int32(block.query[index]) &* Int32(codes[index])
    }
    let estimate = unsafe block.scales[row] * block.queryScale * Float(sum)
    unsafe block.output[row] =
      estimate + block.errors[row] * block.queryLength + block.lengths[row] * block.queryError
    unsafe codes += block.codesPerRow
  }
}
