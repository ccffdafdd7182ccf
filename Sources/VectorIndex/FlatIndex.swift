public import FaceTypes

/// A figure and how similar its embedding is to a query.
public struct Neighbor: Sendable, Hashable, Ranked {
  public let figure: FigureID
  /// The cosine, in −1…1, as long as the index holds vectors of unit length.
  public let similarity: Float

  public init(figure: FigureID, similarity: Float) {
    self.figure = figure
    self.similarity = similarity
  }

  /// Whether this neighbour is listed before `other`: the more similar first, then the smaller id.
  public func precedes(_ other: Neighbor) -> Bool {
    if similarity != other.similarity { return similarity > other.similarity }
    return figure < other.figure
  }
}

/// Exact search over every embedding of a library.
///
/// A query reads half of each row's 8-bit form, at memory speed: faces lie dispersed, so that graphs
/// and lists that look at fewer miss a tenth or more of the true neighbours, and a scan misses none.
public struct FlatIndex: Sendable {
  private var rows: EmbeddingMatrix
  /// In the order of their rows: that of insertion, but for removals.
  public private(set) var figures: [FigureID] = []
  private var positions: [FigureID: Int] = [:]

  /// An empty index of vectors with `dimension` numbers.
  ///
  /// - Parameters:
  ///   - dimension: of the vectors.
  ///   - file: where their exact form goes if they are many.
  public init(dimension: Int, file: RowFile? = nil) {
    rows = EmbeddingMatrix(dimension: dimension, file: file)
  }

  /// An index as it was saved, in four sections.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  public init(
    dimension: Int, file: RowFile?, saved source: SectionFile, section: Int
  ) throws(SectionFileError) {
    figures = try source.numbers(section, Int64.self).map(FigureID.init(rawValue:))
    rows = try EmbeddingMatrix(
      dimension: dimension, file: file, count: figures.count, saved: source, section: section + 1)
    positions.reserveCapacity(figures.count)
    for (position, figure) in figures.enumerated() { positions[figure] = position }
    guard positions.count == figures.count else { throw .unfit }
  }

  /// Writes four sections.
  ///
  /// - Throws: ``SectionFileError``.
  public func save(to file: SectionFileWriter) throws(SectionFileError) {
    try file.writeSection(figures.map(\.rawValue))
    try rows.save(to: file)
  }

  /// Overwrites the embeddings of some figures in what was saved with zeros, in the file.
  ///
  /// - Throws: ``SectionFileError``.
  public static func erase(
    _ figures: Set<Int64>, dimension: Int, in file: SectionFile, section: Int
  ) throws(SectionFileError) {
    for row in try file.positions(of: figures, in: section) {
      try EmbeddingMatrix.erase(row: row, dimension: dimension, in: file, section: section + 1)
    }
  }

  public var dimension: Int { rows.dimension }
  public var count: Int { figures.count }
  /// What a search reads in any case.
  public var bytesPerScan: Int { rows.bytesPerScan }

  public func contains(_ figure: FigureID) -> Bool { positions[figure] != nil }

  /// The stored embedding, or `nil` for an unknown figure.
  public func embedding(of figure: FigureID) -> [Float]? {
    guard let position = positions[figure] else { return nil }
    return rows[position]
  }

  /// Adds a figure, or replaces its embedding.
  ///
  /// - Precondition: `embedding` has ``dimension`` numbers.
  public mutating func insert(_ figure: FigureID, _ embedding: [Float]) {
    if let position = positions[figure] {
      rows.replace(row: position, with: embedding)
    } else {
      rows.append(embedding)
      positions[figure] = figures.count
      figures.append(figure)
    }
  }

  /// Removes a figure; does nothing to an unknown one.
  ///
  /// - Returns: whether the figure was there.
  @discardableResult
  public mutating func remove(_ figure: FigureID) -> Bool {
    guard let position = positions.removeValue(forKey: figure) else { return false }
    if rows.removeSwapping(row: position) != nil {
      let moved = figures[figures.count - 1]
      figures[position] = moved
      positions[moved] = position
    }
    figures.removeLast()
    return true
  }

  /// The figures most similar to `query`, at most `count` of them, most similar first.
  ///
  /// - Precondition: `query` has ``dimension`` numbers.
  public func nearest(
    to query: [Float], count: Int, minimumSimilarity: Float = -.infinity
  ) -> [Neighbor] {
    var best = NearestNeighbors<Neighbor>(limit: count, minimumSimilarity: minimumSimilarity)
    rows.visit(query.span, floor: best.bar) { row, product in
      best.offer(Neighbor(figure: figures[row], similarity: product))
      return best.bar
    }
    return best.sorted()
  }

  /// Every figure at least as similar to `query` as `minimumSimilarity`, most similar first.
  ///
  /// - Precondition: `query` has ``dimension`` numbers.
  public func all(to query: [Float], minimumSimilarity: Float) -> [Neighbor] {
    nearest(to: query, count: .max, minimumSimilarity: minimumSimilarity)
  }

  /// The same as ``nearest(to:count:minimumSimilarity:)`` for several queries in one pass.
  ///
  /// Memory is the limit of one scan, so that eight queries cost little more than one.
  ///
  /// - Parameters:
  ///   - queries: each with ``dimension`` numbers.
  ///   - count: how many figures at most for each.
  ///   - minimumSimilarity: of a figure.
  ///   - threads: among how many the rows are divided; the outcome is the same.
  /// - Returns: one list for each query, in the order of `queries`.
  public func nearest(
    toEach queries: [[Float]], count: Int, minimumSimilarity: Float = -.infinity, threads: Int = 1
  ) -> [[Neighbor]] {
    let none = queries.map { _ in
      NearestNeighbors<Neighbor>(limit: count, minimumSimilarity: minimumSimilarity)
    }
    let parts = rows.parts(threads)
    let floors = SharedFloors(none.map(\.bar))
    let found = concurrently(parts.count) { part in
      var best = none
      rows.visit(each: queries, floors: floors.all, rows: parts[part]) { query, row, product in
        best[query].offer(Neighbor(figure: figures[row], similarity: product))
        return floors.raise(query, to: best[query].bar)
      }
      return best.map { $0.sorted() }
    }
    guard found.count > 1 else { return found[0] }
    return queries.indices.map { query in
      var best = none[query]
      for part in found { for neighbor in part[query] { best.offer(neighbor) } }
      return best.sorted()
    }
  }

  /// The same as ``all(to:minimumSimilarity:)`` for several queries in one pass.
  public func all(toEach queries: [[Float]], minimumSimilarity: Float) -> [[Neighbor]] {
    nearest(toEach: queries, count: .max, minimumSimilarity: minimumSimilarity)
  }
}
