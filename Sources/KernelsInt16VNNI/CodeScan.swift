internal import CProcessor
public import KernelTypes
internal import VNNI

/// Bounds the products of queries and rows of 8-bit codes, at the speed of memory.
///
/// A register has four bytes of each row of a group, and each byte halves of two codes. Eight queries
/// share what is read; for a single one four sums take turns, so that none waits for itself. What
/// comes next is asked for early: the processor's own foresight ends at each page.
///
/// No branch depends on a row until all upper halves are done: the rows that may reach a floor go into
/// a list.
public func boundProducts(_ block: CodeScanBlock) {
  for query in unsafe 0..<block.queryCount { unsafe block.counts[query] = 0 }
  var query = 0
  while unsafe query + 8 <= block.queryCount {
    var group = 0
    while unsafe group + 2 <= block.groups {
      unsafe sumUpperTwoByEight(block, query, group)
      group += 2
    }
    if unsafe group < block.groups {
      for query in query..<query + 8 { unsafe sumUpper(block, query, group) }
    }
    query += 8
  }
  for query in unsafe query..<block.queryCount {
    for group in unsafe 0..<block.groups { unsafe sumUpper(block, query, group) }
  }
  for query in unsafe 0..<block.queryCount { unsafe refine(block, query) }
}

/// Four bytes of each row of a group.
@inline(__always) private func words(_ bytes: UnsafeRawPointer) -> Words {
  unsafe bytes.loadUnaligned(as: Words.self)
}

/// The lower half of each byte.
@inline(__always) private func low(_ words: Words) -> Words {
  words & Words(repeating: 0x0F0F_0F0F)
}

/// The upper half of each byte.
@inline(__always) private func high(_ words: Words) -> Words { low(words &>> 4) }

@inline(__always) private func bytesPerGroup(_ block: CodeScanBlock) -> Int {
  unsafe (block.steps &+ 2) &* bytesPerLine
}

@inline(__always) private func upperHalves(_ block: CodeScanBlock, _ group: Int) -> UnsafeRawPointer
{
  unsafe UnsafeRawPointer(block.upper) + group &* bytesPerGroup(block)
}

/// Sums of the upper halves of two groups for eight queries.
@inline(__always)
private func sumUpperTwoByEight(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let (firstGroup, secondGroup) = unsafe (
    upperHalves(block, group), upperHalves(block, group &+ 1)
  )
  var (first, second) = unsafe (firstGroup, secondGroup)
  var (firstLater, secondLater) = unsafe (later(block, group), later(block, group &+ 1))
  let queryCount = unsafe block.queryCount
  var codes = unsafe block.codes + query
  var firstSums = InlineArray<8, Words>(repeating: Words(repeating: 0))
  var secondSums = InlineArray<8, Words>(repeating: Words(repeating: 0))
  for _ in unsafe 0..<block.steps {
    unsafe figured_prefetch_near(firstLater)
    unsafe figured_prefetch_near(secondLater)
    let (firstWords, secondWords) = unsafe (words(first), words(second))
    let (firstLow, firstHigh) = (low(firstWords), high(firstWords))
    let (secondLow, secondHigh) = (low(secondWords), high(secondWords))
    for index in 0..<8 {
      let code = unsafe Words(repeating: codes[index])
      unsafe firstSums[unchecked: index] = addByteProducts(
        firstLow, code, to: firstSums[unchecked: index])
      unsafe secondSums[unchecked: index] = addByteProducts(
        secondLow, code, to: secondSums[unchecked: index])
    }
    unsafe codes += queryCount
    for index in 0..<8 {
      let code = unsafe Words(repeating: codes[index])
      unsafe firstSums[unchecked: index] = addByteProducts(
        firstHigh, code, to: firstSums[unchecked: index])
      unsafe secondSums[unchecked: index] = addByteProducts(
        secondHigh, code, to: secondSums[unchecked: index])
    }
    unsafe codes += queryCount
    unsafe first += bytesPerLine
    unsafe second += bytesPerLine
    unsafe firstLater += bytesPerLine
    unsafe secondLater += bytesPerLine
  }
  unsafe figured_prefetch_near(firstLater)
  unsafe figured_prefetch_near(firstLater + bytesPerLine)
  unsafe figured_prefetch_near(secondLater)
  unsafe figured_prefetch_near(secondLater + bytesPerLine)
  let firstFacts = unsafe (load(first), load(first + bytesPerLine))
  let secondFacts = unsafe (load(second), load(second + bytesPerLine))
  for index in 0..<8 {
    unsafe mark(block, query &+ index, group, firstFacts, firstSums[unchecked: index])
    unsafe mark(block, query &+ index, group &+ 1, secondFacts, secondSums[unchecked: index])
  }
}

/// Sums of the upper halves of a group for one query.
@inline(__always)
private func sumUpper(_ block: CodeScanBlock, _ query: Int, _ group: Int) {
  let queryCount = unsafe block.queryCount
  var bytes = unsafe upperHalves(block, group)
  var later = unsafe KernelsInt16VNNI.later(block, group)
  var codes = unsafe block.codes + query
  var sums = InlineArray<4, Words>(repeating: Words(repeating: 0))
  var steps = unsafe block.steps
  while steps >= 2 {
    for half in 0..<2 {
      unsafe figured_prefetch_near(later + half &* bytesPerLine)
      let words = unsafe words(bytes + half &* bytesPerLine)
      unsafe sums[unchecked: 2 &* half] = addByteProducts(
        low(words), Words(repeating: codes[2 &* half &* queryCount]),
        to: sums[unchecked: 2 &* half])
      unsafe sums[unchecked: 2 &* half &+ 1] = addByteProducts(
        high(words), Words(repeating: codes[(2 &* half &+ 1) &* queryCount]),
        to: sums[unchecked: 2 &* half &+ 1])
    }
    unsafe bytes += 2 &* bytesPerLine
    unsafe later += 2 &* bytesPerLine
    unsafe codes += 4 &* queryCount
    steps &-= 2
  }
  if steps == 1 {
    unsafe figured_prefetch_near(later)
    let words = unsafe words(bytes)
    unsafe sums[unchecked: 0] = addByteProducts(
      low(words), Words(repeating: codes[0]), to: sums[unchecked: 0])
    unsafe sums[unchecked: 1] = addByteProducts(
      high(words), Words(repeating: codes[queryCount]), to: sums[unchecked: 1])
    unsafe bytes += bytesPerLine
    unsafe later += bytesPerLine
  }
  unsafe figured_prefetch_near(later)
  unsafe figured_prefetch_near(later + bytesPerLine)
  let sum =
    unsafe (sums[unchecked: 0] &+ sums[unchecked: 1]) &+ (sums[unchecked: 2] &+ sums[unchecked: 3])
  unsafe mark(block, query, group, (load(bytes), load(bytes + bytesPerLine)), sum)
}

/// A group that will be read later, here or in what comes next.
@inline(__always) private func later(_ block: CodeScanBlock, _ group: Int) -> UnsafeRawPointer {
  let later = group &+ 7
  return unsafe later < block.groups
    ? upperHalves(block, later)
    : UnsafeRawPointer(block.next) + (later &- block.groups) &* bytesPerGroup(block)
}

@inline(__always) private func load(_ bytes: UnsafeRawPointer) -> Vector {
  unsafe bytes.loadUnaligned(as: Vector.self)
}

/// Lists a group if rows of it may reach a query's floor.
@inline(__always)
private func mark(
  _ block: CodeScanBlock, _ query: Int, _ group: Int, _ facts: (scales: Vector, errors: Vector),
  _ sums: Words
) {
  let coded = unsafe block.queries + query
  let products =
    unsafe floats(sums) * Vector(repeating: coded.pointee.coarseStep)
    + Vector(repeating: coded.pointee.coarseOffset)
  let slack =
    unsafe facts.errors * Vector(repeating: coded.pointee.length)
    + Vector(repeating: coded.pointee.slack)
  let marks = unsafe lanesAtLeast(
    facts.scales * products + slack, Vector(repeating: coded.pointee.floor))
  let place = unsafe query &* block.groups &+ block.counts[query]
  unsafe block.marks[place] = UInt32(truncatingIfNeeded: group) << 16 | UInt32(marks)
  unsafe UnsafeMutableRawPointer(block.sums + place &* rowsPerCodeGroup).storeBytes(
    of: sums, as: Words.self)
  unsafe block.counts[query] &+= marks != 0 ? 1 : 0
}

@inline(__always)
private func bytesPerRow(_ block: CodeScanBlock) -> Int {
  unsafe (block.steps &* 4 &+ (bytesPerLine &- 1)) & ~(bytesPerLine &- 1)
}

/// Asks for the lower halves of a listed group's rows.
@inline(__always)
private func prefetchLower(_ block: CodeScanBlock, marks: UInt32) {
  let first = Int(marks >> 16) &* rowsPerCodeGroup
  var left = marks & 0xFFFF
  while left != 0 {
    unsafe figured_prefetch_near(
      block.lower + (first &+ left.trailingZeroBitCount) &* bytesPerRow(block))
    left &= left &- 1
  }
}

/// Bounds the rows of the listed groups by all bits of their codes, and lists those that still may
/// reach the query's floor.
private func refine(_ block: CodeScanBlock, _ query: Int) {
  let coded = unsafe block.queries[query]
  let bytes = unsafe bytesPerRow(block)
  let codes = unsafe UnsafeRawPointer(block.codesInOrder) + 2 &* bytes &* query
  let (count, first) = unsafe (block.counts[query], query &* block.groups)
  let ahead = 12
  for entry in 0..<min(ahead, count) {
    unsafe prefetchLower(block, marks: block.marks[first &+ entry])
  }
  var found = 0
  for entry in 0..<count {
    if entry &+ ahead < count {
      unsafe prefetchLower(block, marks: block.marks[first &+ entry &+ ahead])
    }
    let marks = unsafe block.marks[first &+ entry]
    let group = Int(marks >> 16)
    let facts = unsafe upperHalves(block, group) + block.steps &* bytesPerLine
    let scales = unsafe facts.assumingMemoryBound(to: Float.self)
    let upper = unsafe block.sums + (first &+ entry) &* rowsPerCodeGroup
    var left = marks & 0xFFFF
    while left != 0 {
      let lane = left.trailingZeroBitCount
      left &= left &- 1
      let row = group &* rowsPerCodeGroup &+ lane
      let lower = unsafe UnsafeRawPointer(block.lower) + row &* bytes
      var sums = Words(repeating: 0)
      var line = 0
      repeat {
        let words = unsafe words(lower + line)
        unsafe sums = addByteProducts(low(words), KernelsInt16VNNI.words(codes + line), to: sums)
        unsafe sums = addByteProducts(
          high(words), KernelsInt16VNNI.words(codes + bytes + line), to: sums)
        line &+= bytesPerLine
      } while line < bytes
      let sum = unsafe upper[lane] &* 16 &+ total(sums)
      let bound =
        unsafe scales[lane] * (Float(sum) * coded.fineStep + coded.fineOffset) + coded.slack
      let place = first &* rowsPerCodeGroup &+ found
      unsafe block.rows[place] = Int32(truncatingIfNeeded: row)
      unsafe block.bounds[place] = bound
      found &+= bound >= coded.floor ? 1 : 0
    }
  }
  unsafe block.counts[query] = found
}

/// The sum of all words.
@inline(__always) private func total(_ words: Words) -> Int32 {
  let eight = words.lowHalf &+ words.highHalf
  let four = eight.lowHalf &+ eight.highHalf
  let two = four.lowHalf &+ four.highHalf
  return two.x &+ two.y
}
