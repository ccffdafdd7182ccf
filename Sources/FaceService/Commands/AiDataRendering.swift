internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Snapshot {
  /// What is known of a medium's content: its faces, and what others attached to it.
  func aiData(of medium: MediaRecord, _ service: Service) throws -> AiDataMessage? {
    let figures = try figures(of: medium.id).filter { $0.waitingReason != Curation.notAFaceReason }
    let clusters = Dictionary(
      try self.clusters(Set(figures.compactMap(\.cluster)).sorted()).map { ($0.id, $0) }
    ) { first, _ in first }
    let enrolled = try service.enrolledPeople.enrolled(for: medium.library, self)
    let faces = try figures.map { figure in
      AiDataMessage.Label(
        figure, track: try track(of: figure.id), cluster: figure.cluster.flatMap { clusters[$0] },
        entity: try identity(of: figure, enrolled))
    }
    let labels = faces + medium.details.texts.labels
    let speech = medium.details.texts.messages(.speech)
    let letters = medium.details.texts.messages(.ocr)
    guard !labels.isEmpty || !speech.isEmpty || !letters.isEmpty else { return nil }
    return AiDataMessage(
      aiLabelInfo: labels.isEmpty ? nil : labels, asrInfo: speech.isEmpty ? nil : speech,
      ocrInfo: letters.isEmpty ? nil : letters)
  }
}

extension AiDataMessage.Label {
  /// A stored face.
  fileprivate init(
    _ figure: FigureRecord, track: Track?, cluster: ClusterRecord?, entity: EntityRecord?
  ) {
    let score = Double(share: figure.clusterConfidence ?? figure.score)
    if let track {
      self.init(
        occurrences: track.appearances.map { appearance in
          .init(
            score: score, from: appearance.start, to: appearance.end,
            tracks: appearance.points.map { .init($0.boundingBox, timestamp: $0.time) })
        })
    } else {
      self.init(occurrences: [.init(score: score, tracks: [.init(figure.boundingBox)])])
    }
    faceID = figure.publicID.asFigure
    labelType = "Face"
    source = "vision"
    labelName = entity?.name ?? cluster?.name
    labelID = entity?.publicID.hexadecimal
    category = entity?.category.rawValue
    figureClusterID = cluster?.publicID.asCluster
  }
}

extension AiDataMessage.Track {
  fileprivate init(_ box: BoundingBox, timestamp: Double? = nil) {
    let corners = [box.x, box.y, box.x + box.width, box.y + box.height]
    self.init(
      size: Double(pixels: box.area.squareRoot()),
      position: corners.map { "\(Double(pixels: $0))" }.joined(separator: ";"),
      timestamp: timestamp)
  }
}

extension [AttachedText] {
  fileprivate func messages(_ kind: AttachedTextKind) -> [AiDataMessage.Text] {
    filter { $0.kind == kind }.map {
      AiDataMessage.Text(content: $0.content, from: $0.start, to: $0.end, timestamp: $0.moment)
    }
  }

  /// The labels, each with its occurrences, in the order in which they were attached.
  fileprivate var labels: [AiDataMessage.Label] {
    var labels: [AiDataMessage.Label] = []
    var position: [AttachedText: Int] = [:]
    for text in self where text.kind == .label {
      var key = text
      (key.score, key.start, key.end) = (nil, nil, nil)
      let hasSpan = text.score != nil || text.start != nil || text.end != nil
      let occurrence = AiDataMessage.Occurrence(score: text.score, from: text.start, to: text.end)
      if let known = position[key] {
        if hasSpan { labels[known].occurrences.append(occurrence) }
        continue
      }
      position[key] = labels.count
      var label = AiDataMessage.Label(occurrences: hasSpan ? [occurrence] : [])
      label.labelType = text.labelType
      label.source = text.source
      label.category = text.labelCategory
      label.labelName = text.content
      label.labelID = text.labelID
      labels.append(label)
    }
    return labels
  }
}
