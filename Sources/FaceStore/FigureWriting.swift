public import FaceTypes

extension Transaction {
  /// Inserts the faces found in a medium, after those it has.
  ///
  /// - Returns: their ids, in their order.
  public func insertFigures(
    _ figures: [NewFigure], of media: MediaID
  ) throws(StoreError) -> [FigureID] {
    guard
      let library = try integer("SELECT library FROM media WHERE id = \(media)")
    else { throw .notFound(.media, key: "\(media)") }
    let start = try count(
      "SELECT coalesce(max(ordinal) + 1, 0) FROM figures WHERE media = \(media)")
    var ids: [FigureID] = []
    ids.reserveCapacity(figures.count)
    for (position, figure) in figures.enumerated() {
      ids.append(
        try insert(
          figure, of: media, in: LibraryID(rawValue: library), ordinal: start + position))
    }
    return ids
  }

  /// Inserts one face under a number that is free.
  func insert(
    _ figure: NewFigure, of media: MediaID, in library: LibraryID, ordinal: Int
  ) throws(StoreError) -> FigureID {
    let face = figure.face
    let box = face.boundingBox
    let id = try insert(
      """
      INSERT INTO figures(public_id, media, library, ordinal, x, y, width, height, landmarks, score,
        quality, obstacles, created)
      VALUES (\(figure.publicID), \(media), \(library), \(ordinal), \(box.x), \(box.y),
        \(box.width), \(box.height), \(face.landmarks), \(face.score), \(face.quality.value),
        \(face.quality.obstacles.rawValue), \(now))
      """)
    guard let id else { throw .alreadyExists(.figure, key: figure.publicID.uuid) }
    try insertImages(of: FigureID(rawValue: id), figure)
    return FigureID(rawValue: id)
  }

  /// Inserts a figure's embedding, crop and attributes.
  func insertImages(of id: FigureID, _ figure: NewFigure) throws(StoreError) {
    try insert(figure.face.embedding, of: id)
    if let crop = figure.crop {
      try execute("INSERT INTO crops(figure, jpeg) VALUES (\(id), \(crop))")
    }
    try setAttributes(figure.face.attributes, of: id)
  }

  /// Puts figures into clusters, or out of them.
  ///
  /// The clusters must exist; their counts follow.
  ///
  /// - Returns: the clusters that gained or lost figures, each once, by ascending id.
  @discardableResult
  public func assign(_ assignments: [ClusterAssignment]) throws(StoreError) -> [ClusterID] {
    var affected: Set<ClusterID> = []
    for assignment in assignments {
      let figure = assignment.figure
      let found = try firstRow(
        "SELECT library, cluster FROM figures WHERE id = \(figure)"
      ) { (library: $0.id() as LibraryID, cluster: $0.optionalID() as ClusterID?) }
      guard let found else { throw .notFound(.figure, key: "\(figure)") }
      if let cluster = assignment.cluster, found.cluster != cluster {
        guard try library(of: cluster) == found.library else {
          throw .notFound(.cluster, key: "\(cluster)")
        }
      }
      var covered: (cluster: ClusterID, identity: ClusterIdentity)?
      if found.cluster != assignment.cluster {
        if let old = found.cluster {
          affected.insert(old)
          covered = try coveredCluster(old, by: figure)
        }
        if let new = assignment.cluster { affected.insert(new) }
      }
      try recordPlacements(
        where: "id = \(figure)", in: found.library,
        after: "\(assignment.cluster), \(assignment.confidence), \(assignment.waitingReason)")
      try execute(
        """
        UPDATE figures SET cluster = \(assignment.cluster),
          cluster_confidence = \(assignment.confidence),
          waiting_reason = \(assignment.waitingReason)
        WHERE id = \(figure)
        """)
      if let (cluster, before) = covered {
        try record(cluster, in: found.library, before: before, after: try identity(of: cluster))
      }
    }
    try touch(affected)
    return affected.sorted()
  }

  /// A cluster whose chosen cover a figure is, as it is before the figure leaves; else `nil`.
  private func coveredCluster(
    _ cluster: ClusterID, by figure: FigureID
  ) throws(StoreError) -> (cluster: ClusterID, identity: ClusterIdentity)? {
    let isCover = try integer(
      "SELECT 1 FROM clusters WHERE id = \(cluster) AND cover = \(figure)")
    guard isCover != nil, let identity = try identity(of: cluster) else { return nil }
    return (cluster, identity)
  }

  /// Moves every figure of one cluster into another, as when the two are merged.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func moveFigures(
    from source: ClusterID, to target: ClusterID
  ) throws(StoreError) -> Int {
    guard let library = try library(of: source) else {
      throw .notFound(.cluster, key: "\(source)")
    }
    guard try self.library(of: target) == library else {
      throw .notFound(.cluster, key: "\(target)")
    }
    let before = try identity(of: source)
    try recordPlacements(
      where: "cluster = \(source)", in: library,
      after: "\(target), cluster_confidence, waiting_reason")
    let count = try execute("UPDATE figures SET cluster = \(target) WHERE cluster = \(source)")
    try record(source, in: library, before: before, after: try identity(of: source))
    if count > 0 { try touch([source, target]) }
    return count
  }

  /// Removes the figures of media, with their embeddings and crops.
  func removeFigures(of media: [MediaID]) throws(StoreError) -> RemovedFigures {
    var figures: [FigureID] = []
    var clusters: Set<ClusterID> = []
    for media in media {
      try forEachRow("SELECT id, cluster FROM figures WHERE media = \(media) ORDER BY id") { row in
        figures.append(row.id())
        if let cluster: ClusterID = row.optionalID() { clusters.insert(cluster) }
      }
      // Before the media themselves: the counts of the clusters depend on their type.
      erasedRows += try execute("DELETE FROM figures WHERE media = \(media)")
    }
    try touch(clusters)
    return RemovedFigures(figures: figures, affectedClusters: clusters.sorted())
  }

  /// Removes the figures of a medium that are not among `kept`.
  func removeFigures(
    of media: MediaID, except kept: Set<FigureID>
  ) throws(StoreError) -> RemovedFigures {
    var removed = RemovedFigures()
    var clusters: Set<ClusterID> = []
    for figure in try figures(of: media) where !kept.contains(figure.id) {
      removed.figures.append(figure.id)
      if let cluster = figure.cluster { clusters.insert(cluster) }
      erasedRows += try execute("DELETE FROM figures WHERE id = \(figure.id)")
    }
    try touch(clusters)
    removed.affectedClusters = clusters.sorted()
    return removed
  }

  /// The row of a model's fingerprint, made when it is first met.
  func fingerprint(
    _ fingerprint: ModelFingerprint, dimension: Int
  ) throws(StoreError) -> Int64 {
    let hexadecimal = fingerprint.hexadecimal
    let found = try firstRow(
      "SELECT id, dimension FROM fingerprints WHERE hexadecimal = \(hexadecimal)"
    ) { (key: $0.integer(), dimension: $0.int()) }
    if let found {
      guard found.dimension == dimension else {
        throw .invalidValue(
          field: "embedding", reason: "it has \(dimension) numbers, its model \(found.dimension)")
      }
      return found.key
    }
    let key = try insert(
      """
      INSERT INTO fingerprints(hexadecimal, dimension)
      VALUES (\(hexadecimal), \(dimension))
      """)
    guard let key else { throw .damaged("a fingerprint that is there and is not") }
    return key
  }
}
