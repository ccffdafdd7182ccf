public import FaceTypes

extension IdentityStatement {
  /// As the store spells it.
  var kind: String {
    switch self {
    case .pin: "pin"
    case .exclude: "exclude"
    case .mustLink: "must-link"
    case .cannotLink: "cannot-link"
    case .notAFace: "not-a-face"
    }
  }

  public var figure: FigureID {
    switch self {
    case .pin(let figure, _), .exclude(let figure, _), .notAFace(let figure): figure
    // One spelling for what says the same both ways.
    case .mustLink(let a, let b), .cannotLink(let a, let b): min(a, b)
    }
  }

  public var otherFigure: FigureID? {
    switch self {
    case .mustLink(let a, let b), .cannotLink(let a, let b): max(a, b)
    case .pin, .exclude, .notAFace: nil
    }
  }

  public var cluster: ClusterID? {
    switch self {
    case .pin(_, let cluster), .exclude(_, let cluster): cluster
    case .mustLink, .cannotLink, .notAFace: nil
    }
  }

  /// Reads kind, figure, other figure and cluster.
  init(_ row: inout Row) throws(StoreError) {
    let kind = row.text()
    let figure: FigureID = row.id()
    let other: FigureID? = row.optionalID()
    let cluster: ClusterID? = row.optionalID()
    switch (kind, other, cluster) {
    case ("pin", nil, let cluster?): self = .pin(figure, cluster)
    case ("exclude", nil, let cluster?): self = .exclude(figure, cluster)
    case ("must-link", let other?, nil): self = .mustLink(figure, other)
    case ("cannot-link", let other?, nil): self = .cannotLink(figure, other)
    case ("not-a-face", nil, nil): self = .notAFace(figure)
    default: throw .damaged("a statement of the kind \(kind)")
    }
  }

  fileprivate var condition: SQL {
    """
    figure = \(figure) AND kind = \(kind) AND coalesce(other_figure, 0) = \
    \(otherFigure?.rawValue ?? 0) AND coalesce(cluster, 0) = \(cluster?.rawValue ?? 0)
    """
  }
}

extension Snapshot {
  /// What users said in a library, in the order in which they said it.
  public final func statements(in library: LibraryID) throws(StoreError) -> [IdentityStatement] {
    try statements(where: "library = \(library)")
  }

  /// What users said of a figure.
  public final func statements(of figure: FigureID) throws(StoreError) -> [IdentityStatement] {
    try statements(where: "figure = \(figure) OR other_figure = \(figure)")
  }

  /// What users said of figures and a cluster.
  public final func statements(of cluster: ClusterID) throws(StoreError) -> [IdentityStatement] {
    try statements(where: "cluster = \(cluster)")
  }

  /// The event that made a statement last; `nil` once that part of the log is erased.
  public final func identityEvent(
    stating statement: IdentityStatement
  ) throws(StoreError) -> IdentityEventRecord? {
    let event = try integer(
      """
      SELECT event FROM identity_statements WHERE is_added AND \(statement.condition)
      ORDER BY id DESC LIMIT 1
      """)
    return try event.map { IdentityEventID(rawValue: $0) }.flatMap { id throws(StoreError) in
      try identityEvent(id)
    }
  }

  /// The next statements of a library in the order in which they were made, with their rows.
  public final func statements(
    in library: LibraryID, after row: Int64, count: Int
  ) throws(StoreError) -> [(row: Int64, statement: IdentityStatement)] {
    try rows(
      """
      SELECT id, kind, figure, other_figure, cluster FROM statements
      WHERE library = \(library) AND id > \(row) ORDER BY id LIMIT \(count)
      """
    ) { row throws(StoreError) in (row.integer(), try IdentityStatement(&row)) }
  }

  private final func statements(where condition: SQL) throws(StoreError) -> [IdentityStatement] {
    try rows(
      """
      SELECT kind, figure, other_figure, cluster FROM statements WHERE \(condition) ORDER BY id
      """
    ) { row throws(StoreError) in try IdentityStatement(&row) }
  }
}

extension Transaction {
  /// Takes down what a user said; said twice it stands once.
  ///
  /// - Returns: whether it is new.
  @discardableResult
  public func state(
    _ statement: IdentityStatement, in library: LibraryID
  ) throws(StoreError) -> Bool {
    let key = try insert(
      """
      INSERT INTO statements(library, kind, figure, other_figure, cluster)
      VALUES (\(library), \(statement.kind), \(statement.figure), \(statement.otherFigure),
        \(statement.cluster))
      """)
    guard key != nil else { return false }
    try record(statement, isAdded: true, in: library)
    return true
  }

  /// Takes back what a user said.
  ///
  /// - Returns: whether it had been said.
  @discardableResult
  public func retract(
    _ statement: IdentityStatement, in library: LibraryID
  ) throws(StoreError) -> Bool {
    guard try execute("DELETE FROM statements WHERE \(statement.condition)") > 0 else {
      return false
    }
    try record(statement, isAdded: false, in: library)
    return true
  }
}
