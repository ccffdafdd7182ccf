internal import CProcessor
public import KernelTypes

private let floatsPerCacheLine = 16
private let cacheLineBytes = 64
/// Floats from the weights in use to those that are fetched into the first-level cache meanwhile.
private var nearDistance: Int { @inline(__always) get { 8 * channelsPerPanel } }

/// Runs some rows of a dense convolution.
///
/// Tiles of a few pixels × one panel of output channels stay in registers while all segments are
/// added up. Tiles run across the ends of rows where that takes fewer of them: see ``Course``. A tile
/// that crosses one, or the end of the block, is computed aside and copied. Such a tile reads (and
/// forgets) a few pixels after the last one, so the input needs slack behind it.
public func convolveDensely(_ block: ConvolutionBlock) {
  let course = unsafe Course(block)
  let panels =
    unsafe (block.outputBlocks * channelsPerBlock + channelsPerPanel - 1) / channelsPerPanel
  if unsafe block.panelsOutermost {
    // While the pixels pass by one panel of weights, the next panel is fetched, a part with each tile.
    let tiles = course.runs * ((course.positions + tileRows - 1) / tileRows)
    let share = unsafe (block.segmentLength * channelsPerPanel / floatsPerCacheLine + tiles) / tiles
    for panel in 0..<panels {
      var ahead = unsafe Prefetch(
        first: block.weights + (panel + 1) * block.panelStride,
        count: panel + 1 < panels ? share : 0)
      for run in 0..<course.runs {
        var place = unsafe TilePlace(block, run: run)
        while unsafe place.position < course.positions {
          unsafe computeTile(block, course, panel: panel, place, ahead)
          unsafe place.advance(block, course)
          unsafe ahead.first += ahead.count * floatsPerCacheLine * block.segmentCount
        }
      }
    }
  } else {
    let none = unsafe Prefetch(first: block.weights, count: 0)
    for run in 0..<course.runs {
      var place = unsafe TilePlace(block, run: run)
      while unsafe place.position < course.positions {
        for panel in 0..<panels {
          unsafe computeTile(block, course, panel: panel, place, none)
        }
        unsafe place.advance(block, course)
      }
    }
  }
}

/// How tiles pass over the output: in runs of positions that are evenly spaced in the input.
///
/// A run is a row; or all rows, where what separates them in the input is a whole number of pixels.
/// These are then computed and forgotten, which takes fewer tiles if rows are short: those of 3 pixels
/// with a border of one on each side are 13 positions, a single tile where a register has 16 floats.
private struct Course {
  let runs: Int
  /// In each run.
  let positions: Int
  /// Positions from one row to the next within a run.
  let period: Int

  init(_ block: ConvolutionBlock) {
    let (rows, width) = unsafe (block.rows, block.width)
    let distance = unsafe block.inputRowStride / block.inputPixelStride
    let isWhole = unsafe distance * block.inputPixelStride == block.inputRowStride
    let positions = (rows - 1) * distance + width
    if isWhole && Self.parts(positions) <= rows * Self.parts(width) {
      (runs, self.positions, period) = (1, positions, distance)
    } else {
      (runs, self.positions, period) = (rows, width, width)
    }
  }

  /// Parts of tiles that cover some positions.
  private static func parts(_ positions: Int) -> Int { (positions + partRows - 1) / partRows }
}

/// Where a tile's first pixel is read and written; counted on, since a division costs as much as a
/// tile of a shallow convolution.
@unsafe private struct TilePlace {
  var position = 0
  /// Counts on behind the end of a row until the next one begins.
  var column = 0
  var input: UnsafePointer<Float>
  var output: UnsafeMutablePointer<Float>

  @inline(__always) init(_ block: ConvolutionBlock, run: Int) {
    unsafe input = block.input + run * block.inputRowStride
    unsafe output = block.output + run * block.outputRowStride
  }

  @inline(__always) mutating func advance(_ block: ConvolutionBlock, _ course: Course) {
    unsafe position += tileRows
    unsafe column += tileRows
    unsafe input += tileRows * block.inputPixelStride
    unsafe output += tileRows * channelsPerBlock
    while unsafe column >= course.period {
      unsafe column -= course.period
      unsafe output += block.outputRowStride - course.period * channelsPerBlock
    }
  }
}

/// Computes one tile and puts it in its place.
@inline(__always)
private func computeTile(
  _ block: ConvolutionBlock, _ course: Course, panel: Int, _ place: TilePlace, _ ahead: Prefetch
) {
  let firstChannel = panel * channelsPerPanel
  let output =
    unsafe place.output
    + (firstChannel / channelsPerBlock) * block.outputBlockStride + firstChannel % channelsPerBlock
  // A panel may be two blocks wide, and the last one then have no second block.
  let isPanelWide = channelsPerPanel > channelsPerBlock
  let secondStride = unsafe isPanelWide ? block.outputBlockStride : lanes
  let hasSecond =
    unsafe !isPanelWide || firstChannel + lanes < block.outputBlocks * channelsPerBlock
  let count = unsafe min(tileRows, course.positions - place.position)
  let tile = unsafe Tile(
    input: place.input, weights: block.weights + panel * block.panelStride,
    ending: DenseEnding(block, firstChannel: panel * channelsPerPanel), output: output,
    secondStride: secondStride, pixelStride: channelsPerBlock, ahead: ahead)
  let isTall = partsPerTile > 1 && count > partRows
  if unsafe place.column + (isTall ? tileRows : partRows) <= block.width {
    unsafe accumulate(block, tile, isTall: isTall, isWide: hasSecond)
  } else {
    unsafe computeTileAside(
      block, course, tile, column: place.column, count: count, isTall: isTall, isWide: hasSecond)
  }
}

/// Computes a tile that does not lie in one row, and copies its pixels to where they belong.
@inline(never)
private func computeTileAside(
  _ block: ConvolutionBlock, _ course: Course, _ tile: Tile, column: Int, count: Int, isTall: Bool,
  isWide: Bool
) {
  unsafe withUnsafeTemporaryAllocation(of: Vector.self, capacity: 2 * tileRows) {
    let aside = unsafe UnsafeMutableRawPointer($0.baseAddress.unsafelyUnwrapped)
      .assumingMemoryBound(to: Float.self)
    var asideTile = unsafe tile
    unsafe asideTile.output = aside
    unsafe asideTile.secondStride = lanes
    unsafe asideTile.pixelStride = channelsPerPanel
    unsafe accumulate(block, asideTile, isTall: isTall, isWide: isWide)
    var (target, column) = unsafe (tile.output, column)
    for index in 0..<count {
      if unsafe column < block.width {
        let source = unsafe UnsafePointer(aside + index * channelsPerPanel)
        unsafe store(load(source), target)
        if isWide { unsafe store(load(source + lanes), target + tile.secondStride) }
      }
      column += 1
      unsafe target += channelsPerBlock
      if column == course.period {
        column = 0
        unsafe target += block.outputRowStride - course.period * channelsPerBlock
      }
    }
  }
}

/// What one tile reads and where it goes.
@unsafe private struct Tile {
  var input: UnsafePointer<Float>
  var weights: UnsafePointer<Float>
  var ending: DenseEnding
  var output: UnsafeMutablePointer<Float>
  /// Floats from the first vector of a pixel's outputs to the second.
  var secondStride: Int
  /// Floats from one pixel's outputs to the next one's.
  var pixelStride: Int
  var ahead: Prefetch
}

/// Weights to fetch into the cache while a tile is computed, some at each segment.
@unsafe private struct Prefetch {
  var first: UnsafePointer<Float>
  /// Cache lines at a time.
  var count: Int
}

extension ConvolutionBlock {
  /// Floats from one panel of weights to the next.
  fileprivate var panelStride: Int {
    @inline(__always) get { unsafe segmentCount * segmentLength * channelsPerPanel }
  }
}

/// Computes a tile in registers: two parts of the rows or one, two vectors of channels or one.
@inline(__always)
private func accumulate(_ block: ConvolutionBlock, _ tile: Tile, isTall: Bool, isWide: Bool) {
  switch (isTall, isWide) {
  case (true, true): unsafe accumulateTallWide(block, tile)
  case (true, false): unsafe accumulateTallNarrow(block, tile)
  case (false, true): unsafe accumulateShortWide(block, tile)
  case (false, false): unsafe accumulateShortNarrow(block, tile)
  }
}

@inline(never) private func accumulateTallWide(_ block: ConvolutionBlock, _ tile: Tile) {
  unsafe accumulateTile(block, tile, isTall: true, isWide: true)
}

@inline(never) private func accumulateTallNarrow(_ block: ConvolutionBlock, _ tile: Tile) {
  unsafe accumulateTile(block, tile, isTall: true, isWide: false)
}

@inline(never) private func accumulateShortWide(_ block: ConvolutionBlock, _ tile: Tile) {
  unsafe accumulateTile(block, tile, isTall: false, isWide: true)
}

@inline(never) private func accumulateShortNarrow(_ block: ConvolutionBlock, _ tile: Tile) {
  unsafe accumulateTile(block, tile, isTall: false, isWide: false)
}

/// The innermost loops: everything they need in registers.
///
/// The flags are constants.
@inline(__always)
private func accumulateTile(_ block: ConvolutionBlock, _ tile: Tile, isTall: Bool, isWide: Bool) {
  let stride = unsafe block.inputPixelStride
  let length = unsafe block.segmentLength
  let start = unsafe tile.ending.start(vector: 0)
  let secondStart = unsafe isWide ? tile.ending.start(vector: 1) : start
  var (upper, lower) = (TilePart(repeating: start), TilePart(repeating: start))
  var (upperSecond, lowerSecond) = (
    TilePart(repeating: secondStart), TilePart(repeating: secondStart)
  )
  var weights = unsafe tile.weights
  var offsets = unsafe block.segmentOffsets
  let lastOffset = unsafe offsets + block.segmentCount
  var ahead = unsafe UnsafeRawPointer(tile.ahead.first)
  let aheadCount = unsafe tile.ahead.count
  while unsafe offsets != lastOffset {
    for _ in 0..<aheadCount {
      unsafe figured_prefetch(ahead)
      unsafe ahead += cacheLineBytes
    }
    var x = unsafe tile.input + offsets.pointee
    let end = unsafe x + length
    while unsafe x != end {
      unsafe figured_prefetch_near(weights + nearDistance)
      if isWide { unsafe figured_prefetch_near(weights + nearDistance + lanes) }
      let first = unsafe loadFactors(weights)
      let second = unsafe isWide ? loadFactors(weights + lanes) : first
      unsafe multiply(x, stride, first, second, into: &upper, &upperSecond, isWide: isWide)
      if isTall {
        unsafe multiply(
          x + partRows &* stride, stride, first, second, into: &lower, &lowerSecond,
          isWide: isWide)
      }
      unsafe x += 1
      unsafe weights += channelsPerPanel
    }
    unsafe offsets += 1
  }
  unsafe put(upper, tile, vector: 0, part: 0)
  if isTall { unsafe put(lower, tile, vector: 0, part: 1) }
  guard isWide else { return }
  unsafe put(upperSecond, tile, vector: 1, part: 0)
  if isTall { unsafe put(lowerSecond, tile, vector: 1, part: 1) }
}

/// Adds one input channel of some pixels, times its weights.
@inline(__always)
private func multiply(
  _ x: UnsafePointer<Float>, _ stride: Int, _ first: DenseFactors, _ second: DenseFactors,
  into sums: inout TilePart, _ secondSums: inout TilePart, isWide: Bool
) {
  for row in 0..<partRows {
    let value = unsafe repeatFactor(x + row &* stride)
    unsafe sums[unchecked: row] = addProducts(value, first, sums[unchecked: row])
    if isWide {
      unsafe secondSums[unchecked: row] = addProducts(value, second, secondSums[unchecked: row])
    }
  }
}

/// Activates and stores one vector of channels of some pixels.
@inline(__always)
private func put(_ sums: TilePart, _ tile: Tile, vector: Int, part: Int) {
  let ending = unsafe tile.ending.loaded(vector: vector)
  let output =
    unsafe tile.output + vector &* tile.secondStride + part &* partRows &* tile.pixelStride
  for row in 0..<partRows {
    unsafe store(ending.result(sums[unchecked: row]), output + row &* tile.pixelStride)
  }
}
