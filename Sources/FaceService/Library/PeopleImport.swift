internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Brings people of a file into a library: finds their faces, then their clusters.
struct PeopleImport {
  private let curation: Curation
  private let records: [PeopleRecord]
  private var figuresOf: [PortableFaceMessage: [FigureID]] = [:]
  private var clusterOf: [String: ClusterID] = [:]
  /// What users said in this library, before and by this import.
  private var standing: Set<IdentityStatement>
  private(set) var result = ImportPeopleResult()

  /// The most people, names and statements of each kind that an answer reports.
  private static let reportLimit = 100

  private var transaction: Transaction { curation.transaction }

  /// - Throws: ``StoreError``.
  init(_ records: [PeopleRecord], _ curation: Curation) throws {
    self.records = records
    self.curation = curation
    standing = Set(try curation.transaction.statements(in: curation.library))
  }

  /// Does it all; what was said in this library before stands.
  ///
  /// - Throws: ``StoreError``.
  mutating func run() throws {
    try matchFaces()
    let faces = Dictionary(grouping: records.filter { $0.kind == .face }) { $0.person ?? "" }
    for record in records where record.kind == .person {
      try bring(record, faces[record.person ?? ""] ?? [])
    }
    try repeatStatements()
  }

  // MARK: Faces

  /// Finds the library's figures of the faces that the file names, picture by picture.
  private mutating func matchFaces() throws {
    let named = Set(records.flatMap { $0.faces ?? [] })
    result.faces = named.count
    let byContent = Dictionary(grouping: named, by: \.contentSHA256)
    for (_, faces) in byContent.sorted(by: { $0.key < $1.key }) {
      let faces = faces.sorted { $0.box.lexicographicallyPrecedes($1.box) }
      let boxes = faces.compactMap(\.portable)
      guard boxes.count == faces.count, let content = boxes.first?.contentSHA256 else { continue }
      for medium in try transaction.media(in: curation.library, contentSHA256: content) {
        let figures = try transaction.figures(of: medium.id)
        let found = figures.map { medium.content.dimensions.relative($0.boundingBox) }
        for pair in BoundingBox.pairs(boxes.map(\.box), found) {
          figuresOf[faces[pair.old], default: []].append(figures[pair.new].id)
        }
      }
    }
    result.facesMatched = figuresOf.count
  }

  private func figures(of records: [PeopleRecord]) -> [FigureID] {
    records.flatMap { ($0.faces ?? []).flatMap { figuresOf[$0] ?? [] } }
  }

  // MARK: People

  private mutating func bring(_ record: PeopleRecord, _ faces: [PeopleRecord]) throws {
    let figures = figures(of: faces)
    guard let person = record.person, let cluster = try cluster(for: record, figures) else {
      if result.peopleNotFound.count < Self.reportLimit {
        result.peopleNotFound.append(record.name ?? record.customID ?? record.person ?? "")
      }
      return
    }
    clusterOf[person] = cluster
    let confirmed = self.figures(of: faces.filter { $0.isConfirmed == true })
    try gather(Set(figures).subtracting(confirmed).sorted(), into: cluster)
    try state(confirmed.map { .pin($0, cluster) })
    for figure in confirmed where try transaction.figure(figure)?.cluster == cluster {
      try transaction.assign([
        ClusterAssignment(figure: figure, cluster: cluster, confidence: 1)
      ])
    }
    try describe(
      cluster, as: record, cover: self.figures(of: faces.filter { $0.isCover == true }).first)
  }

  /// The cluster that a person of the file goes on in: that with the same custom id, else that
  /// which holds most of the faces, else a new one; `nil` if the library has none of them.
  private mutating func cluster(
    for record: PeopleRecord, _ figures: [FigureID]
  ) throws -> ClusterID? {
    if let customID = record.customID {
      let query = ClusterQuery(library: curation.library, customID: customID)
      if let found = try transaction.clusters(query, page: .after(nil, count: 1)).records.first {
        result.peopleReused += 1
        return found.id
      }
    }
    guard !figures.isEmpty else { return nil }
    var counts: [ClusterID: Int] = [:]
    for figure in figures {
      if let cluster = try transaction.figure(figure)?.cluster { counts[cluster, default: 0] += 1 }
    }
    // Two people of the file are two people here, too.
    for taken in clusterOf.values { counts[taken] = nil }
    if let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
      result.peopleReused += 1
      return best.key
    }
    result.peopleCreated += 1
    return try curation.makeCluster(named: nil)
  }

  /// Puts faces where the machine had them in the other library, unless a user said otherwise.
  private func gather(_ figures: [FigureID], into cluster: ClusterID) throws {
    // Who is there already comes first: nobody is put beside somebody said to be another person.
    let members = curation.faces.read { $0.figures(of: cluster) }
    let pins = (members + figures.filter { !members.contains($0) })
      .map { Constraint.pin($0, to: cluster) }
    let refused = Set(curation.faces.read { $0.conflicts(ifStating: pins) }.map(\.refused))
    var placements: [FigureID: ClusterID?] = [:]
    for figure in figures where !refused.contains(.pin(figure, to: cluster)) {
      guard curation.faces.read({ $0.contains(figure) }),
        try transaction.figure(figure)?.cluster != cluster
      else { continue }
      placements.updateValue(cluster, forKey: figure)
    }
    let sources = Set(try placements.keys.compactMap { try transaction.figure($0)?.cluster })
    let assignments = curation.faces.read { clusterer in
      placements.keys.sorted().map { figure in
        ClusterAssignment(
          figure: figure, cluster: cluster,
          confidence: clusterer.standing(of: figure, in: cluster, exemplarCount: 0)?.probability)
      }
    }
    try transaction.assign(assignments)
    try curation.impose(
      Imposition(
        placements: placements,
        protection: Dictionary(
          uniqueKeysWithValues: try sources.map { ($0, try transaction.isCurated($0)) })))
  }

  /// Gives a cluster what the file says of the person and what it lacks.
  private mutating func describe(
    _ cluster: ClusterID, as record: PeopleRecord, cover: FigureID?
  ) throws {
    guard let old = try transaction.cluster(cluster) else { return }
    var update = ClusterUpdate()
    if let name = record.name {
      if let kept = old.name, kept != name, result.namesKept.count < Self.reportLimit {
        result.namesKept.append(
          KeptName(objectID: old.publicID.asCluster, name: kept, nameInFile: name))
      } else if old.name == nil {
        update.name = .set(name)
      }
    }
    if old.customID == nil, let customID = record.customID { update.customID = .set(customID) }
    if old.birthDate == nil, let date = record.birthDate { update.birthDate = .set(date) }
    let labels = old.customLabels.merging(record.customLabels ?? [:]) { own, _ in own }
    if labels != old.customLabels { update.customLabels = .set(labels) }
    if record.isHidden == true, !old.isHidden { update.isHidden = .set(true) }
    if record.isFavourite == true, !old.isFavourite { update.isFavourite = .set(true) }
    if record.isIgnored == true, !old.isIgnored { update.isIgnored = .set(true) }
    if old.chosenCover == nil, let cover, try transaction.figure(cover)?.cluster == cluster {
      update.cover = .set(cover)
    }
    guard update != ClusterUpdate() else { return }
    try transaction.updateCluster(cluster, update, expectedLockVersion: nil)
    try curation.followProtection(of: [cluster])
  }

  // MARK: Statements

  private mutating func repeatStatements() throws {
    var statements: [IdentityStatement] = []
    var notFaces: [FigureRecord] = []
    for record in records {
      let faces = record.faces ?? []
      let figures = faces.map { figuresOf[$0] ?? [] }
      switch record.kind {
      case .person, .face: break
      case .notAFace: notFaces += try transaction.figures(figures.flatMap(\.self))
      case .notThisPerson:
        guard let cluster = record.person.flatMap({ clusterOf[$0] }) else { continue }
        statements += figures.flatMap(\.self).map { .exclude($0, cluster) }
      case .samePerson where figures.count == 2:
        statements += pairs(figures[0], figures[1]).map { .mustLink($0, $1) }
      case .differentPeople where figures.count == 2:
        statements += pairs(figures[0], figures[1]).map { .cannotLink($0, $1) }
      case .samePerson, .differentPeople: break
      }
    }
    try state(statements)
    notFaces.removeAll { standing.contains(.notAFace($0.id)) }
    let spokenOf = try notFaces.filter { try transaction.statements(of: $0.id).isEmpty }
    for figure in notFaces where !spokenOf.contains(figure) {
      try refuse(.notAFace(figure.id), because: "something else was said of it as a face")
    }
    result.statementsMade += spokenOf.count
    try curation.markNotFaces(spokenOf)
  }

  /// Every figure of the one list with every figure of the other, as the store orders them.
  private func pairs(_ left: [FigureID], _ right: [FigureID]) -> [(FigureID, FigureID)] {
    left.flatMap { a in right.filter { $0 != a }.map { (min(a, $0), max(a, $0)) } }
  }

  /// Makes those statements that contradict nothing.
  private mutating func state(_ statements: [IdentityStatement]) throws {
    let new = statements.filter { !standing.contains($0) }
    let conflicts = curation.faces.read {
      $0.conflicts(ifStating: new.compactMap(Constraint.init))
    }
    let reasons = Dictionary(
      conflicts.map { ($0.refused, $0.reason) }, uniquingKeysWith: { first, _ in first })
    var consistent: [IdentityStatement] = []
    for statement in new {
      guard let constraint = Constraint(statement) else { continue }
      if let reason = reasons[constraint] {
        try refuse(statement, because: try curation.words(reason))
      } else {
        consistent.append(statement)
      }
    }
    result.statementsMade += consistent.count
    standing.formUnion(consistent)
    try curation.state(consistent)
  }

  /// Leaves a statement out, and reports it.
  private mutating func refuse(_ statement: IdentityStatement, because reason: String) throws {
    result.statementsRefused += 1
    guard result.refusals.count < Self.reportLimit,
      let figure = try transaction.figure(statement.figure)
    else { return }
    result.refusals.append(
      RefusedStatement(
        kind: statement.word, figureID: figure.publicID.asFigure,
        otherFigureID: try statement.otherFigure.flatMap { try transaction.figure($0) }?
          .publicID.asFigure,
        figureClusterID: try statement.cluster.flatMap { try transaction.cluster($0) }?
          .publicID.asCluster, reason: reason))
  }
}
