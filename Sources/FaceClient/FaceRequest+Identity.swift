public import WireProtocol

/// What a user changes about a person; what is `nil` stays as it is.
public struct FigureClusterChanges: Equatable, Sendable {
  /// Empty takes the name away.
  public var name: String?
  /// Empty takes it away.
  public var customID: String?
  /// Replaces all labels.
  public var customLabels: [String: String]?
  /// A FigureId of the person.
  public var cover: String?
  public var isHidden: Bool?
  public var isFavourite: Bool?
  public var isIgnored: Bool?
  public var isConfirmed: Bool?
  /// `YYYY-MM-DD`; empty takes it away.
  public var birthDate: String?

  public init() {}

  var members: [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    members["Name"] = name.map { .string($0) }
    members["CustomId"] = customID.map { .string($0) }
    members["CustomLabels"] = customLabels.map { .object($0.mapValues { .string($0) }) }
    members["Cover"] = cover.map { ["Figures": [["FigureId": .string($0)]]] }
    members["Hidden"] = isHidden.map { .boolean($0) }
    members["Favourite"] = isFavourite.map { .boolean($0) }
    members["Ignored"] = isIgnored.map { .boolean($0) }
    members["Confirmed"] = isConfirmed.map { .boolean($0) }
    members["BirthDate"] = birthDate.map { .string($0) }
    return members
  }
}

/// Where faces of a file are wanted to be.
public enum FigurePlace: Equatable, Sendable {
  /// With this person: an ObjectId.
  case cluster(String)
  /// Not with the person that they are with.
  case elsewhere
  /// Wherever the machine puts them.
  case undecided

  var clusterID: JSONValue {
    switch self {
    case .cluster(let identifier): .string(identifier)
    case .elsewhere: "figure-cluster-id-independent"
    case .undecided: "figure-cluster-id-unavailable"
    }
  }
}

extension FaceRequest where Body == CurationResult {
  /// A change that is one event of the log.
  ///
  /// `isRehearsal` (DryRun) answers what would happen, and changes nothing.
  private static func curation(
    _ method: String, _ parameters: [String: JSONValue?], isRehearsal: Bool
  ) -> Self {
    var parameters = parameters.compactMapValues(\.self)
    if isRehearsal { parameters["DryRun"] = true }
    return Self(method, parameters)
  }

  /// Changes what is said about a person (UpdateFigureCluster).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - clusterID: the person.
  ///   - changes: what to change.
  ///   - lockVersion: refuses unless this is the stored `metaLockVersion`.
  ///   - isRehearsal: only tries it.
  /// - Returns: the request.
  public static func updateCluster(
    _ clusterID: String, _ changes: FigureClusterChanges, lockVersion: Int64? = nil,
    isRehearsal: Bool = false
  ) -> Self {
    var members = changes.members
    members["ObjectId"] = .string(clusterID)
    members["MetaLockVersion"] = lockVersion.map { .integer($0) }
    return curation(
      "UpdateFigureCluster", ["FigureCluster": .object(members)], isRehearsal: isRehearsal)
  }

  /// Merges people into one, who inherits what is missing (MergeFigureClusters).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - sources: 1…100 people.
  ///   - target: the person who stays.
  ///   - lockVersion: refuses unless this is the stored `metaLockVersion` of `target`.
  ///   - isRehearsal: only tries it.
  /// - Returns: the request.
  public static func mergeClusters(
    _ sources: [String], into target: String, lockVersion: Int64? = nil, isRehearsal: Bool = false
  ) -> Self {
    curation(
      "MergeFigureClusters",
      [
        "Froms": .strings(sources), "To": .string(target),
        "MetaLockVersion": lockVersion.map { .integer($0) },
      ], isRehearsal: isRehearsal)
  }

  /// Makes some faces of a person another person (SplitFigureCluster).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - clusterID: the person, who keeps at least one face.
  ///   - figures: FigureIds of the person.
  ///   - name: of the new person.
  ///   - lockVersion: refuses unless this is the stored `metaLockVersion`.
  ///   - isRehearsal: only tries it.
  /// - Returns: the request, which is answered with the new person.
  public static func splitCluster(
    _ clusterID: String, figures: [String], name: String? = nil, lockVersion: Int64? = nil,
    isRehearsal: Bool = false
  ) -> Self {
    curation(
      "SplitFigureCluster",
      [
        "ObjectId": .string(clusterID), "Figures": .strings(figures),
        "Name": name.map { .string($0) }, "MetaLockVersion": lockVersion.map { .integer($0) },
      ], isRehearsal: isRehearsal)
  }

  /// Puts faces with a person for good (MoveFigures).
  ///
  /// Maturity: stable.
  public static func moveFigures(
    _ figures: [String], to clusterID: String, isRehearsal: Bool = false
  ) -> Self {
    curation(
      "MoveFigures", ["Figures": .strings(figures), "To": .string(clusterID)],
      isRehearsal: isRehearsal)
  }

  /// Makes faces, of whomever they were, a new person (MoveFigures).
  ///
  /// Maturity: stable.
  public static func moveFigures(
    _ figures: [String], toNewClusterNamed name: String?, isRehearsal: Bool = false
  ) -> Self {
    curation(
      "MoveFigures", ["Figures": .strings(figures), "Name": name.map { .string($0) }],
      isRehearsal: isRehearsal)
  }

  /// Says that faces do not show a person, now and ever (RejectFigures).
  ///
  /// Maturity: stable.
  public static func rejectFigures(
    _ figures: [String], from clusterID: String, isRehearsal: Bool = false
  ) -> Self {
    curation(
      "RejectFigures", ["Figures": .strings(figures), "ObjectId": .string(clusterID)],
      isRehearsal: isRehearsal)
  }

  /// Says that figures are no faces (MarkNotFaces).
  ///
  /// Maturity: stable.
  public static func markNotFaces(_ figures: [String], isRehearsal: Bool = false) -> Self {
    curation("MarkNotFaces", ["Figures": .strings(figures)], isRehearsal: isRehearsal)
  }

  /// Says that faces show one person, whoever that is (LinkFigures).
  ///
  /// Maturity: stable.
  public static func linkFigures(_ figures: [String], isRehearsal: Bool = false) -> Self {
    curation("LinkFigures", ["Figures": .strings(figures)], isRehearsal: isRehearsal)
  }

  /// Says that two faces show two people (SeparateFigures).
  ///
  /// Maturity: stable.
  public static func separateFigures(
    _ first: String, _ second: String, isRehearsal: Bool = false
  ) -> Self {
    curation("SeparateFigures", ["Figures": .strings([first, second])], isRehearsal: isRehearsal)
  }

  /// Leaves people out of lists, or takes them in again (IgnoreFigureClusters).
  ///
  /// Maturity: stable.
  public static func ignoreClusters(
    _ clusterIDs: [String], isIgnored: Bool = true, isRehearsal: Bool = false
  ) -> Self {
    curation(
      "IgnoreFigureClusters",
      ["ObjectIds": .strings(clusterIDs), "Ignored": .boolean(isIgnored)],
      isRehearsal: isRehearsal)
  }

  /// Puts faces of one file where they are wanted (UpdateFileMeta).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - uri: the file's URL or path.
  ///   - figures: FigureIds of the file with the place for each.
  ///   - library: that the file is in.
  ///   - isRehearsal: only tries it.
  /// - Returns: the request.
  public static func updateFile(
    _ uri: String, figures: [(figureID: String, place: FigurePlace)],
    library: String = LibraryName.standard, isRehearsal: Bool = false
  ) -> Self {
    let wanted: [JSONValue] = figures.map {
      ["FigureId": .string($0.figureID), "FigureClusterId": $0.place.clusterID]
    }
    return curation(
      "UpdateFileMeta",
      [
        "DatasetName": .string(library), "File": ["URI": .string(uri), "Figures": .array(wanted)],
      ], isRehearsal: isRehearsal)
  }

  /// Takes an event of the log back, as far as nothing later changed the same again; of an undo it
  /// is redo (UndoIdentityEvent).
  ///
  /// Maturity: stable.
  public static func undo(_ eventID: String, isRehearsal: Bool = false) -> Self {
    curation("UndoIdentityEvent", ["EventId": .string(eventID)], isRehearsal: isRehearsal)
  }
}

/// Which entries of the log of identity a list has.
public enum IdentityEventScope: Equatable, Sendable {
  case library(String)
  /// What concerned a person: an ObjectId.
  case cluster(String)
  /// What concerned a face: a FigureId.
  case figure(String)

  var parameters: [String: JSONValue] {
    switch self {
    case .library(let name): ["DatasetName": .string(name)]
    case .cluster(let identifier): ["ObjectId": .string(identifier)]
    case .figure(let identifier): ["FigureId": .string(identifier)]
    }
  }
}

extension FaceRequest where Body == ListIdentityEventsResult {
  /// One page of who changed what about who is who, latest first (ListIdentityEvents).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - scope: whose events.
  ///   - byUsersOnly: without what the machine decided by itself.
  ///   - withFigures: with every face that went elsewhere.
  ///   - pageSize: 1…100.
  ///   - nextToken: from the page before.
  /// - Returns: the request.
  public static func identityEvents(
    of scope: IdentityEventScope = .library(LibraryName.standard), byUsersOnly: Bool = false,
    withFigures: Bool = false, pageSize: Int = 20, nextToken: String? = nil
  ) -> Self {
    var parameters = scope.parameters
    parameters["ByUsersOnly"] = .boolean(byUsersOnly)
    parameters["WithFigures"] = .boolean(withFigures)
    parameters["MaxResults"] = .integer(Int64(pageSize))
    parameters["NextToken"] = nextToken.map { .string($0) }
    return Self("ListIdentityEvents", parameters)
  }
}

extension FaceRequest where Body == IdentityEventResult {
  /// One event of the log with every face that went elsewhere (GetIdentityEvent).
  ///
  /// Maturity: stable.
  public static func identityEvent(_ eventID: String) -> Self {
    Self("GetIdentityEvent", ["EventId": .string(eventID)])
  }
}

extension FaceRequest where Body == EraseIdentityEventsResult {
  /// Erases a library's log: what was done can no longer be undone (EraseIdentityEvents).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: whose log.
  ///   - date: ISO 8601; events before it are erased. `nil` erases all.
  /// - Returns: the request.
  public static func eraseIdentityEvents(
    library: String = LibraryName.standard, before date: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = ["DatasetName": .string(library)]
    parameters["Before"] = date.map { .string($0) }
    return Self("EraseIdentityEvents", parameters)
  }
}

extension FaceRequest where Body == MergingTaskResult {
  /// Merges people as the reference does it; the task has ended when it is answered
  /// (CreateFigureClustersMergingTask).
  ///
  /// Maturity: stable.
  public static func mergingTask(_ sources: [String], into target: String) -> Self {
    Self(
      "CreateFigureClustersMergingTask",
      ["Froms": .strings(sources), "To": .string(target)])
  }
}
