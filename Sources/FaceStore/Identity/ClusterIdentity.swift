public import FaceTypes
internal import FoundationEssentials

/// What makes a cluster this person: everything that undo brings back.
///
/// Counts follow from the figures; the lock version and the times only ever go up.
public struct ClusterIdentity: Hashable, Sendable {
  public var publicID: PublicIdentifier
  public var name: String?
  public var customID: String?
  public var customLabels: [String: String]
  /// The cover that the user chose.
  public var cover: FigureID?
  public var isHidden: Bool
  public var isFavourite: Bool
  /// A stranger: kept and grown like others, and left out of lists.
  public var isIgnored: Bool
  /// A user put the cluster together.
  public var isConfirmed: Bool
  /// `YYYY-MM-DD`.
  public var birthDate: String?
  /// The enrolled person whom a user said it shows.
  public var entity: EntityID?
  /// The cluster that this one was merged into.
  public var mergedInto: ClusterID?
  public var created: Timestamp

  /// What this and `current` differ in, where `current` still is as `after`: a three-way merge.
  ///
  /// - Parameters:
  ///   - after: what the cluster was after the change that is to be taken back.
  ///   - current: what it is now.
  /// - Returns: `current` with this identity's fields where nobody changed them since, and how
  ///   many fields somebody did change.
  func restored(
    from after: ClusterIdentity, onto current: ClusterIdentity
  ) -> (
    identity: ClusterIdentity, keptFields: Int
  ) {
    var result = current
    var kept = 0
    func restore<Value: Equatable>(_ field: WritableKeyPath<ClusterIdentity, Value>) {
      guard self[keyPath: field] != after[keyPath: field] else { return }
      if current[keyPath: field] == after[keyPath: field] {
        result[keyPath: field] = self[keyPath: field]
      } else if current[keyPath: field] != self[keyPath: field] {
        kept += 1
      }
    }
    restore(\.name)
    restore(\.customID)
    restore(\.customLabels)
    restore(\.cover)
    restore(\.isHidden)
    restore(\.isFavourite)
    restore(\.isIgnored)
    restore(\.isConfirmed)
    restore(\.birthDate)
    restore(\.entity)
    restore(\.mergedInto)
    return (result, kept)
  }
}

extension ClusterIdentity {
  /// What a stored cluster is.
  public init(_ record: ClusterRecord) {
    self.init(
      publicID: record.publicID, name: record.name, customID: record.customID,
      customLabels: record.customLabels, cover: record.chosenCover, isHidden: record.isHidden,
      isFavourite: record.isFavourite, isIgnored: record.isIgnored,
      isConfirmed: record.isConfirmed, birthDate: record.birthDate,
      entity: record.entity, mergedInto: record.mergedInto, created: record.created)
  }
}

extension ClusterIdentity: Codable {
  /// How the log spells it; fields at their defaults are left out.
  private enum CodingKeys: String, CodingKey {
    case publicID = "id"
    case name, customID, customLabels, cover, isHidden, isFavourite, isIgnored, isConfirmed
    case birthDate, entity, mergedInto, created
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .publicID)
    guard let publicID = PublicIdentifier(text) else {
      throw DecodingError.dataCorruptedError(
        forKey: .publicID, in: container, debugDescription: "no public identifier")
    }
    func flag(_ key: CodingKeys) throws -> Bool {
      try container.decodeIfPresent(Bool.self, forKey: key) ?? false
    }
    self.init(
      publicID: publicID, name: try container.decodeIfPresent(String.self, forKey: .name),
      customID: try container.decodeIfPresent(String.self, forKey: .customID),
      customLabels: try container.decodeIfPresent([String: String].self, forKey: .customLabels)
        ?? [:],
      cover: try container.decodeIfPresent(Int64.self, forKey: .cover).map(
        FigureID.init(rawValue:)),
      isHidden: try flag(.isHidden), isFavourite: try flag(.isFavourite),
      isIgnored: try flag(.isIgnored), isConfirmed: try flag(.isConfirmed),
      birthDate: try container.decodeIfPresent(String.self, forKey: .birthDate),
      entity: try container.decodeIfPresent(Int64.self, forKey: .entity).map(
        EntityID.init(rawValue:)),
      mergedInto: try container.decodeIfPresent(Int64.self, forKey: .mergedInto).map(
        ClusterID.init(rawValue:)),
      created: Timestamp(milliseconds: try container.decode(Int64.self, forKey: .created)))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func encode(_ flag: Bool, _ key: CodingKeys) throws {
      if flag { try container.encode(true, forKey: key) }
    }
    try container.encode(publicID.hexadecimal, forKey: .publicID)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(customID, forKey: .customID)
    if !customLabels.isEmpty { try container.encode(customLabels, forKey: .customLabels) }
    try container.encodeIfPresent(cover?.rawValue, forKey: .cover)
    try encode(isHidden, .isHidden)
    try encode(isFavourite, .isFavourite)
    try encode(isIgnored, .isIgnored)
    try encode(isConfirmed, .isConfirmed)
    try container.encodeIfPresent(birthDate, forKey: .birthDate)
    try container.encodeIfPresent(entity?.rawValue, forKey: .entity)
    try container.encodeIfPresent(mergedInto?.rawValue, forKey: .mergedInto)
    try container.encode(created.milliseconds, forKey: .created)
  }

  /// As the log keeps it.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a cluster's identity is strings, numbers and flags")
    }
    return String(decoding: data, as: UTF8.self)
  }

  init(json: String) throws(StoreError) {
    do {
      self = try JSONDecoder().decode(ClusterIdentity.self, from: Data(json.utf8))
    } catch {
      throw .damaged("a cluster in the identity log: \(error)")
    }
  }
}
