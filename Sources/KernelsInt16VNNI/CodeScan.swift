internal import CProcessor
public import KernelTypes
internal import VNNI

/// Bounds the products of queries and rows of 8-bit codes, at the speed of memory.
///
/// A register has a pair of numbers of each row of a group. Eight queries share what is read; for a
/// single one four sums take turns, so that none waits for itself. What comes next is asked for
/// early: the processor's own foresight ends at each page.
public func boundProducts(_ block: CodeScanBlock) {
  if unsafe block.queryCount == 8 {
    var group = 0
    while unsafe group + 2 <= block.groups {
      unsafe boundTwoByEight(block, group)
      group += 2
    }
    if unsafe group < block.groups { unsafe boundByEight(block, group) }
    return
  }
  for query in unsafe 0..<block.queryCount {
    for group in unsafe 0..<block.groups { unsafe boundOne(block, query, group) }
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
private func boundTwoByEight(_ block: CodeScanBlock, _ group: Int) {
  var (first, second) = unsafe (codes(block, group), codes(block, group + 1))
  var queries = unsafe block.queries
  var firstSums = InlineArray<8, Words>(repeating: Words(repeating: 0))
  var secondSums = InlineArray<8, Words>(repeating: Words(repeating: 0))
  for _ in unsafe 0..<block.pairs {
    let (firstRows, secondRows) = unsafe (words(first), words(second))
    unsafe foresee(first)
    unsafe foresee(second)
    for index in 0..<8 {
      let word = unsafe Words(repeating: queries[index])
      unsafe firstSums[unchecked: index] = addPairProducts(
        firstRows, word, to: firstSums[unchecked: index])
      unsafe secondSums[unchecked: index] = addPairProducts(
        secondRows, word, to: secondSums[unchecked: index])
    }
    unsafe first += 2 * rowsPerCodeGroup
    unsafe second += 2 * rowsPerCodeGroup
    unsafe queries += 8
  }
  for index in 0..<8 {
    unsafe bound(block, index, group, firstSums[unchecked: index])
    unsafe bound(block, index, group + 1, secondSums[unchecked: index])
  }
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
      unsafe sums[unchecked: index] = addPairProducts(row, word, to: sums[unchecked: index])
    }
    unsafe foresee(codes)
    unsafe codes += 2 * rowsPerCodeGroup
    unsafe queries += 8
  }
  for index in 0..<8 { unsafe bound(block, index, group, sums[unchecked: index]) }
}

@inline(__always)
private func boundOne(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let pairs = unsafe block.pairs
  let queryCount = unsafe block.queryCount
  var codes = unsafe codes(block, group)
  var queries = unsafe block.queries + query
  var sums = InlineArray<4, Words>(repeating: Words(repeating: 0))
  for _ in 0..<pairs / 4 {
    unsafe foresee(codes)
    unsafe foresee(codes + 64)
    for index in 0..<4 {
      unsafe sums[unchecked: index] = addPairProducts(
        words(codes + index &* 2 &* rowsPerCodeGroup),
        Words(repeating: queries[index &* queryCount]), to: sums[unchecked: index])
    }
    unsafe codes += 4 * 2 * rowsPerCodeGroup
    unsafe queries += 4 * queryCount
  }
  for _ in 0..<pairs % 4 {
    unsafe sums[unchecked: 0] = addPairProducts(
      words(codes), Words(repeating: queries[0]), to: sums[unchecked: 0])
    unsafe codes += 2 * rowsPerCodeGroup
    unsafe queries += queryCount
  }
  let sum = (sums[0] &+ sums[1]) &+ (sums[2] &+ sums[3])
  unsafe bound(block, query, group, sum)
}

/// Asks for what will be read 8 KiB later.
@inline(__always)
private func foresee(_ codes: UnsafeRawPointer) { unsafe figured_prefetch(codes + 8192) }

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
