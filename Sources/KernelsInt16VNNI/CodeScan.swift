public import KernelTypes
internal import VNNI

/// Bounds the products of queries and rows of 8-bit codes, at the speed of memory.
///
/// A register has a pair of numbers of each row of a group. Eight queries share what is read; a
/// single one takes four groups at a time, so that sums do not wait for each other.
public func boundProducts(_ block: CodeScanBlock) {
  if unsafe block.queryCount == 8 {
    for group in unsafe 0..<block.groups { unsafe boundByEight(block, group) }
    return
  }
  for query in unsafe 0..<block.queryCount {
    var group = 0
    while unsafe group + 4 <= block.groups {
      unsafe boundFour(block, query, group)
      group += 4
    }
    while unsafe group < block.groups {
      unsafe boundOne(block, query, group)
      group += 1
    }
  }
}

/// The codes of a pair of a group.
@inline(__always) private func words(_ codes: UnsafeRawPointer) -> Words {
  unsafe VNNI.widened(codes.loadUnaligned(as: SIMD32<Int8>.self))
}

@inline(__always) private func codes(_ block: CodeScanBlock, _ group: Int) -> UnsafeRawPointer {
  unsafe UnsafeRawPointer(block.codes) + group * block.pairs * 2 * rowsPerCodeGroup
}

@inline(__always)
private func boundByEight(_ block: CodeScanBlock, _ group: Int) {
  var codes = unsafe codes(block, group)
  var queries = unsafe block.queries
  var sums = InlineArray<8, Words>(repeating: Words(repeating: 0))
  for _ in unsafe 0..<block.pairs {
    let row = unsafe words(codes)
    for index in 0..<8 {
      let word = unsafe Words(repeating: queries[index])
      sums[unchecked: index] = addPairProducts(row, word, to: sums[unchecked: index])
    }
    unsafe codes += 2 * rowsPerCodeGroup
    unsafe queries += 8
  }
  for index in 0..<8 { unsafe bound(block, index, group, sums[unchecked: index]) }
}

@inline(__always)
private func boundFour(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let codes = unsafe codes(block, group)
  let pairs = unsafe block.pairs
  let (queries, queryCount) = unsafe (block.queries + query, block.queryCount)
  let stride = pairs * 2 * rowsPerCodeGroup
  var sums = InlineArray<4, Words>(repeating: Words(repeating: 0))
  for pair in 0..<pairs {
    let word = unsafe Words(repeating: queries[pair &* queryCount])
    let place = unsafe codes + pair * 2 * rowsPerCodeGroup
    for index in 0..<4 {
      sums[unchecked: index] = unsafe addPairProducts(
        words(place + index &* stride), word, to: sums[unchecked: index])
    }
  }
  for index in 0..<4 { unsafe bound(block, query, group + index, sums[unchecked: index]) }
}

private func boundOne(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let codes = unsafe codes(block, group)
  let (queries, queryCount) = unsafe (block.queries + query, block.queryCount)
  var sums = Words(repeating: 0)
  for pair in unsafe 0..<block.pairs {
    let row = unsafe words(codes + pair * 2 * rowsPerCodeGroup)
    let word = unsafe Words(repeating: queries[pair &* queryCount])
    sums = addPairProducts(row, word, to: sums)
  }
  unsafe bound(block, query, group, sums)
}

/// What a query's bounds of a group are, from its sums.
@inline(__always)
private func bound(_ block: CodeScanBlock, _ query: Int, _ group: Int, _ sums: Words) {
  let first = group * rowsPerCodeGroup
  let scale = unsafe Vector(repeating: block.queryScales[query])
  let length = unsafe Vector(repeating: block.queryLengths[query])
  let error = unsafe Vector(repeating: block.queryErrors[query])
  let estimate = unsafe load(block.scales + first) * scale * floats(sums)
  let result =
    unsafe estimate + load(block.errors + first) * length + load(block.lengths + first) * error
  unsafe store(result, block.output + query * block.outputStride + first)
  let place = unsafe query * (block.outputStride / rowsPerCodeGroup) + group
  unsafe block.candidates[place] = lanesAtLeast(result, Vector(repeating: block.floors[query]))
}
