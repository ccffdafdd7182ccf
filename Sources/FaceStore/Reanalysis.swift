public import FaceTypes

/// What a new analysis of a medium did to its figures.
public struct ReplacedAnalysis: Hashable, Sendable {
  /// The figures of the new analysis, in its order.
  public var figures: [FigureID]
  /// Those of them that were there before, and keep identifier, statements and cluster.
  public var kept: Set<FigureID>
  public var removed: RemovedFigures
}

extension Transaction {
  /// Records the result of an analysis, in place of an earlier one; the medium becomes ready.
  ///
  /// A face that lies where one lay before is that figure still: what users said of it holds, and
  /// its box, quality, embedding and crop are replaced. Boxes are compared in units of the
  /// picture's size, so that a scaled picture keeps its figures as well.
  ///
  /// - Parameters:
  ///   - media: what was analysed.
  ///   - content: what the file says.
  ///   - figures: the faces that were found.
  ///   - isSameFace: refuses a pair, old and new, that lies in one place and shows two people, as
  ///     when the file is another picture now.
  /// - Returns: which figures are new, kept and gone.
  /// - Throws: ``StoreError``.
  public func setAnalysis(
    of media: MediaID, content: MediaContent, figures: [NewFigure],
    isSameFace: (_ old: Embedding, _ new: Embedding) -> Bool = { _, _ in true }
  ) throws(StoreError) -> ReplacedAnalysis {
    guard let before = try self.media(media) else { throw .notFound(.media, key: "\(media)") }
    let old = try self.figures(of: media)
    var embeddings: [Embedding?] = []
    for figure in old { embeddings.append(try embedding(of: figure.id)) }
    let pairs = BoundingBox.pairs(
      old.map { before.content.dimensions.relative($0.boundingBox) },
      figures.map { content.dimensions.relative($0.face.boundingBox) }
    ) { i, j in embeddings[i].map { isSameFace($0, figures[j].face.embedding) } ?? true }
    let kept = Dictionary(uniqueKeysWithValues: pairs.map { ($0.new, old[$0.old].id) })
    let removed = try removeFigures(of: media, except: Set(kept.values))
    try setContent(of: media, content)
    try setStatus(of: media, .ready)
    // Out of the way of the new numbers.
    try execute("UPDATE figures SET ordinal = -1 - ordinal WHERE media = \(media)")
    var ids: [FigureID] = []
    for (ordinal, figure) in figures.enumerated() {
      if let id = kept[ordinal] {
        try replace(id, with: figure, ordinal: ordinal)
        ids.append(id)
      } else {
        ids.append(try insert(figure, of: media, in: before.library, ordinal: ordinal))
      }
    }
    return ReplacedAnalysis(figures: ids, kept: Set(kept.values), removed: removed)
  }

  /// Gives a figure what a new analysis says of it.
  private func replace(
    _ id: FigureID, with figure: NewFigure, ordinal: Int
  ) throws(StoreError) {
    let face = figure.face
    let box = face.boundingBox
    try execute(
      """
      UPDATE figures SET ordinal = \(ordinal), x = \(box.x), y = \(box.y), width = \(box.width),
        height = \(box.height), landmarks = \(face.landmarks), score = \(face.score),
        quality = \(face.quality.value), obstacles = \(face.quality.obstacles.rawValue)
      WHERE id = \(id)
      """)
    erasedRows += try execute("DELETE FROM embeddings WHERE figure = \(id)")
    erasedRows += try execute("DELETE FROM crops WHERE figure = \(id)")
    try execute("DELETE FROM model_switch_figures WHERE figure = \(id)")
    try insertImages(of: id, figure)
  }
}
