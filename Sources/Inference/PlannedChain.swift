internal import Glibc
internal import KernelTypes

/// Some stages of a chain that run together, a few rows at a time.
///
/// Between two stages lies a *window*: a buffer of just the rows that the later stage reads to make
/// its next rows. Rows that it will read again move to the top of the window; the others make room
/// for new ones. So nothing but the last stage's output leaves the cache.
struct PlannedChain {
  /// What one stage reads: the rows of a tensor, or of a window.
  struct Source {
    /// Side columns of a window hold the padding; a tensor has a border instead.
    var layout: TensorLayout
    /// Where a window starts among the chain's windows, in floats; `nil` for a tensor.
    var offset: Int?
  }

  var stages: [ChainStage]
  /// For each stage, what it reads; the image's window is not in blocks: see ``imageRows``.
  var sources: [Source] = []
  /// For each stage, the offsets of what one output pixel reads; empty where it is not dense.
  var segments: [[Int]] = []
  /// For each stage, the rows that it can make at a time.
  var rows: [Int] = []
  /// Rows of the image's window, where the first stage reads the image.
  var imageRows = 0
  /// Floats in all windows.
  var windowCount = 0

  /// Weights up to this size stay in the second-level cache while pixels stream past them.
  static let residentWeightBytes = 128 * 1024
  /// Windows up to this size stay in the second-level cache beside the weights.
  static let windowBytes = secondLevelCacheBytes / 8 * 5
  /// What a dense convolution with large weights reads at a time.
  private static let outerPixelBytes = 192 * 1024

  /// The second-level cache of a core; half a mebibyte where the system does not say.
  private static let secondLevelCacheBytes = {
    let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    return size > 0 ? min(max(size, 256 * 1024), 2 * 1024 * 1024) : 512 * 1024
  }()

  /// Whether a dense convolution takes all its pixels for one panel of weights before the next.
  static func panelsOutermost(_ packed: PackedConvolution) -> Bool {
    packed.weightByteCount > residentWeightBytes
  }

  /// Lays out the windows between some stages so that the last makes `lastRows` rows at a time.
  init(stages: [ChainStage], lastRows: Int, layouts: [TensorLayout], image: ImageLayout) {
    self.stages = stages
    sources = stages.map { Source(layout: layouts[$0.input], offset: nil) }
    rows = [Int](repeating: lastRows, count: stages.count)
    for index in stages.indices.reversed() {
      let window = stages[index].window
      let read = (rows[index] - 1) * window.verticalStride + window.height
      if case .image = stages[index].work {
        imageRows = read
        windowCount += (read * image.rowStride + 15) / 16 * 16
      } else if index > 0 {
        let input = layouts[stages[index].input]
        let sides = stages[index].readsBorder ? window.left + window.right : 0
        let layout = TensorLayout(
          channels: input.channels, height: read, width: input.width + sides, border: 0)
        sources[index] = Source(layout: layout, offset: windowCount)
        windowCount += layout.count
        rows[index - 1] = read
      }
    }
    segments = zip(stages, sources).map { Self.segments($0, $1.layout, image) }
  }

  /// Chooses how many rows to take at a time.
  static func sized(
    stages: [ChainStage], layouts: [TensorLayout], image: ImageLayout
  ) -> PlannedChain {
    guard let last = stages.last else { preconditionFailure("a chain has stages") }
    let height = layouts[last.output].height
    func chain(_ rows: Int) -> PlannedChain {
      PlannedChain(stages: stages, lastRows: rows, layouts: layouts, image: image)
    }
    var most = height
    if case .dense(let packed) = last.work, panelsOutermost(packed) {
      let input = layouts[last.input]
      let rowBytes = input.blocks * input.width * channelsPerBlock * 4 * last.window.verticalStride
      most = max(1, min(height, outerPixelBytes / rowBytes))
    }
    if stages.count > 1 || chain(1).imageRows > 0 {
      // What the windows hold grows evenly with the rows.
      let (one, two) = (chain(1).windowCount, chain(2).windowCount)
      most = max(1, min(most, (windowBytes / 4 - one) / max(1, two - one) + 1))
    }
    // Rounds of equal length: the last one is not left with a single row.
    let rounds = (height + most - 1) / most
    return chain((height + rounds - 1) / rounds)
  }

  /// What one pixel of a dense convolution reads: by block, then row, then column of the kernel.
  private static func segments(
    _ stage: ChainStage, _ layout: TensorLayout, _ image: ImageLayout
  ) -> [Int] {
    switch stage.work {
    case .image(let packed): return (0..<packed.window.height).map { $0 * image.rowStride }
    case .dense(let packed):
      var segments: [Int] = []
      for block in 0..<packed.inputBlocks {
        for row in 0..<packed.window.height {
          for column in 0..<packed.window.width {
            segments.append(
              block * layout.blockStride + row * layout.rowStride + column * channelsPerBlock)
          }
        }
      }
      return segments
    case .depthwise, .pooledDepthwise, .maximumPooling, .averagePooling: return []
    }
  }
}

/// Cuts a chain into parts that run together.
///
/// Joining two stages saves writing and reading what lies between them; it costs moving the rows
/// that are read again, and windows must stay in the cache. The cuts with the least traffic are
/// found by dynamic programming.
struct ChainSplitter {
  let stages: [ChainStage]
  let layouts: [TensorLayout]
  let image: ImageLayout

  /// The parts, in order.
  func parts() -> [PlannedChain] {
    let count = stages.count
    // For each number of stages from the front: the least traffic, and where the last part starts.
    var best: [(cost: Int, start: Int)] = [(0, 0)]
    for end in 1...count {
      var choice = (cost: Int.max, start: end - 1)
      for start in stride(from: end - 1, through: max(0, end - 12), by: -1) {
        guard let cost = cost(start..<end) else { continue }
        let total = best[start].cost + cost
        if total < choice.cost { choice = (total, start) }
      }
      best.append(choice)
    }
    var parts: [PlannedChain] = []
    var end = count
    while end > 0 {
      let start = best[end].start
      parts.append(.sized(stages: Array(stages[start..<end]), layouts: layouts, image: image))
      end = start
    }
    return parts.reversed()
  }

  /// The traffic of a part in bytes; `nil` where its windows or weights are too large.
  private func cost(_ range: Range<Int>) -> Int? {
    let part = Array(stages[range])
    guard let last = part.last else { return nil }
    // What is written has been fetched into the cache first, and is read later.
    let written = range.upperBound < stages.count ? 3 * layouts[last.output].count * 4 : 0
    guard part.count > 1 else { return written }
    let chain = PlannedChain.sized(stages: part, layouts: layouts, image: image)
    let weights = part.reduce(0) { $0 + $1.weightByteCount }
    let isPair = isDepthwiseThenPointwise(part)
    guard isPair || weights <= PlannedChain.residentWeightBytes else { return nil }
    guard isPair || chain.windowCount * 4 <= PlannedChain.windowBytes else { return nil }
    var moved = 0
    for index in 1..<part.count {
      let kept = part[index].window.height - part[index].window.verticalStride
      let (layout, rows) = (chain.sources[index].layout, chain.rows[index])
      let rounds = (layouts[part[index].output].height + rows - 1) / rows
      moved += max(0, kept) * layout.rowStride * layout.blocks * 4 * rounds
    }
    return written + moved
  }

  /// Joined whatever the size of the weights: the pointwise one reads them once a round anyway.
  private func isDepthwiseThenPointwise(_ part: [ChainStage]) -> Bool {
    guard part.count == 2, case .depthwise = part[0].work, case .dense(let packed) = part[1].work
    else { return false }
    return packed.window.isPointwise
  }
}
