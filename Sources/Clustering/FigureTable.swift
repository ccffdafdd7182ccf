internal import FaceTypes
internal import VectorIndex

/// A figure as the clusterer keeps it.
struct FigureState: Sendable {
  let figure: FigureID
  let media: MediaID
  /// When it is seen in its video, in seconds; `nil` in a photograph.
  let interval: ClosedRange<Double>?
  let mayFound: Bool
  let captureTime: Timestamp?
  /// The place of its cluster, if it has one.
  var cluster: Int?

  var isWaiting: Bool { !mayFound && cluster == nil }
}

/// Every figure of a library by its position, and the lookups, in columns: 46 bytes for each.
///
/// Positions stay a figure's while it lives and are used again after.
struct FigureTable: Sendable {
  /// The numbers of identifiers, as they are saved.
  private var figureAt: [Int64] = []
  private var mediaAt: [Int64] = []
  /// In milliseconds.
  private var captureTimeAt: [Int64] = []
  private var clusterAt: [Int32] = []
  private var factsAt: [Facts] = []
  private var intervals: [Int32: ClosedRange<Double>] = [:]
  private var positionOf = PositionTable()
  /// Of each medium the figure that came last.
  private var lastOfMedia = PositionTable()
  /// The position of the figure of the same medium that came before.
  private var previousAt: [Int32] = []
  private var free: [Int32] = []

  private static let none: Int32 = -1
  private static let noTime = Int64.min

  private struct Facts: OptionSet {
    let rawValue: UInt8
    static let isHere = Facts(rawValue: 1)
    static let mayFound = Facts(rawValue: 2)
    static let hasInterval = Facts(rawValue: 4)
  }

  /// None yet.
  init() {}

  /// Figures as they were saved, in ``sectionCount`` sections from the first on.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  init(saved file: SectionFile) throws(SectionFileError) {
    let figures: [Int64] = try file.numbers(0)
    let media: [Int64] = try file.numbers(1)
    captureTimeAt = try file.numbers(2)
    clusterAt = try file.numbers(Self.clusterSection)
    let facts: [UInt8] = try file.numbers(4)
    let intervalAt: [Int32] = try file.numbers(5)
    let bounds: [UInt64] = try file.numbers(6)
    let count = figures.count
    guard media.count == count, captureTimeAt.count == count, clusterAt.count == count,
      facts.count == count, bounds.count == 2 * intervalAt.count, count < Int(Int32.max)
    else { throw .unfit }
    for (index, position) in intervalAt.enumerated() {
      let (start, end) = (
        Double(bitPattern: bounds[2 * index]), Double(bitPattern: bounds[2 * index + 1])
      )
      guard start <= end else { throw .unfit }
      intervals[position] = start...end
    }
    (figureAt, mediaAt) = (figures, media)
    factsAt = facts.map(Facts.init(rawValue:))
    for position in facts.indices.reversed() where !factsAt[position].contains(.isHere) {
      free.append(Int32(position))
    }
    let used = facts.indices.lazy.filter { facts[$0] & Facts.isHere.rawValue != 0 }
    let usedCount = count - free.count
    let lookups = concurrently(2) { lookup -> (PositionTable, [Int32]) in
      if lookup == 0 { return (PositionTable(used, count: usedCount) { figures[$0] }, []) }
      var last = PositionTable(expecting: usedCount)
      var previous = [Int32](repeating: Self.none, count: count)
      for position in used {
        if let known = last.replace(position, { media[$0] }) { previous[position] = Int32(known) }
      }
      return (last, previous)
    }
    positionOf = lookups[0].0
    (lastOfMedia, previousAt) = lookups[1]
  }

  /// The section of the places of clusters.
  static let clusterSection = 3
  /// How many sections ``save(to:)`` writes.
  static let sectionCount = 7

  /// Writes ``sectionCount`` sections.
  ///
  /// - Throws: ``SectionFileError``.
  func save(to file: SectionFileWriter) throws(SectionFileError) {
    try file.writeSection(figureAt)
    try file.writeSection(mediaAt)
    try file.writeSection(captureTimeAt)
    try file.writeSection(clusterAt)
    try file.writeSection(factsAt.map(\.rawValue))
    let intervals = intervals.sorted { $0.key < $1.key }
    try file.writeSection(intervals.map(\.key))
    try file.writeSection(
      intervals.flatMap { [$0.value.lowerBound.bitPattern, $0.value.upperBound.bitPattern] })
  }

  /// How many figures there are.
  var count: Int { positionOf.count }
  /// Every position that is or was in use.
  var indices: Range<Int> { factsAt.indices }
  /// Every position in use, and every figure, both in ascending order of positions.
  var positions: [Int] { enumerated.map(\.position) }
  var identifiers: [FigureID] { enumerated.map(\.figure.figure) }
  /// The position that the next figure gets.
  var nextPosition: Int { free.last.map { Int($0) } ?? factsAt.count }

  /// The figure at a position that is or was in use; `nil` if it is gone.
  subscript(position: Int) -> FigureState? {
    let facts = factsAt[position]
    guard facts.contains(.isHere) else { return nil }
    return FigureState(
      figure: FigureID(rawValue: figureAt[position]), media: MediaID(rawValue: mediaAt[position]),
      interval: facts.contains(.hasInterval) ? intervals[Int32(position)] : nil,
      mayFound: facts.contains(.mayFound),
      captureTime: captureTime(at: position),
      cluster: clusterAt[position] == Self.none ? nil : Int(clusterAt[position]))
  }

  /// When the figure at a position was photographed, if that is known.
  func captureTime(at position: Int) -> Timestamp? {
    let time = captureTimeAt[position]
    return time == Self.noTime ? nil : Timestamp(milliseconds: time)
  }

  /// The figures at all positions in use with their positions.
  var enumerated: some Sequence<(position: Int, figure: FigureState)> {
    indices.lazy.compactMap { position in self[position].map { (position, $0) } }
  }

  /// The identifier of the figure that is or was last at a position.
  func identifier(at position: Int) -> FigureID { FigureID(rawValue: figureAt[position]) }

  /// Whether identifiers rise with their positions, places of figures that are gone included.
  var isAscending: Bool { zip(figureAt, figureAt.dropFirst()).allSatisfy { $0 < $1 } }

  /// Some figures, spread evenly over all.
  func sample(_ count: Int) -> [FigureID] {
    stride(from: 0, to: indices.count, by: max(1, indices.count / count)).compactMap {
      self[$0]?.figure
    }
  }

  /// Where a figure is; `nil` if it is unknown.
  func position(of figure: FigureID) -> Int? {
    positionOf.position(of: figure.rawValue) { figureAt[$0] }
  }

  /// The positions of a medium's figures in the order in which they came.
  func positions(of media: MediaID) -> [Int] {
    var found: [Int] = []
    var position = lastOfMedia.position(of: media.rawValue) { mediaAt[$0] }
    while let known = position {
      found.append(known)
      let previous = previousAt[known]
      position = previous == Self.none ? nil : Int(previous)
    }
    return found.reversed()
  }

  /// Adds a figure at ``nextPosition``.
  ///
  /// - Precondition: it is not there yet.
  mutating func insert(_ figure: FigureState) {
    precondition(position(of: figure.figure) == nil, "figure \(figure.figure) is there already")
    let position = nextPosition
    if free.popLast() == nil {
      figureAt.append(figure.figure.rawValue)
      mediaAt.append(figure.media.rawValue)
      captureTimeAt.append(Self.noTime)
      clusterAt.append(Self.none)
      factsAt.append([])
      previousAt.append(Self.none)
    }
    figureAt[position] = figure.figure.rawValue
    mediaAt[position] = figure.media.rawValue
    captureTimeAt[position] = figure.captureTime?.milliseconds ?? Self.noTime
    clusterAt[position] = figure.cluster.map { Int32($0) } ?? Self.none
    factsAt[position] = figure.mayFound ? [.isHere, .mayFound] : .isHere
    if let interval = figure.interval {
      factsAt[position].insert(.hasInterval)
      intervals[Int32(position)] = interval
    }
    let (figureAt, mediaAt) = (figureAt, mediaAt)
    positionOf.replace(position) { figureAt[$0] }
    let previous = lastOfMedia.replace(position) { mediaAt[$0] }
    previousAt[position] = previous.map { Int32($0) } ?? Self.none
  }

  /// Forgets the figure at a position.
  ///
  /// - Precondition: there is one.
  mutating func remove(at position: Int) {
    precondition(factsAt[position].contains(.isHere), "no figure at \(position)")
    let (figureAt, mediaAt) = (figureAt, mediaAt)
    positionOf.remove(figureAt[position]) { figureAt[$0] }
    let own = mediaAt[position]
    let previous = previousAt[position]
    if lastOfMedia.position(of: own, { mediaAt[$0] }) == position {
      if previous == Self.none {
        lastOfMedia.remove(own) { mediaAt[$0] }
      } else {
        lastOfMedia.replace(Int(previous)) { mediaAt[$0] }
      }
    } else if let next = positions(of: MediaID(rawValue: own)).first(where: {
      previousAt[$0] == Int32(position)
    }) {
      previousAt[next] = previous
    }
    factsAt[position] = []
    intervals[Int32(position)] = nil
    free.append(Int32(position))
  }

  /// Notes the place of a figure's cluster.
  mutating func setCluster(of position: Int, to place: Int?) {
    clusterAt[position] = place.map { Int32($0) } ?? Self.none
  }
}
