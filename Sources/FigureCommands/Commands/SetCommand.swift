package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl set`.
package struct SetCommand {
  private let person: String
  private let changes: FigureClusterChanges
  private let cover: String?
  private let labels: [Label]
  private let options: CurationOptions
  /// A mark that is to be set and taken away at once.
  private let contradiction: String?

  package func run(in context: CommandContext) throws {
    if let contradiction {
      throw CommandFailure(
        "--\(contradiction) and --no-\(contradiction) exclude each other.",
        code: .usage)
    }
    guard changes != FigureClusterChanges() || cover != nil || !labels.isEmpty else {
      throw CommandFailure(
        "Say what to change, such as --favourite or --birth-date 1990-05-17.",
        hint: "“figurectl set --help” lists what there is.", code: .usage)
    }
    let client = try context.connect()
    let cluster = try context.cluster(person, library: options.library, client: client)
    var changes = changes
    if let cover {
      changes.cover = try context.figures(
        [cover], of: .cluster(cluster.objectID), client: client
      ).first
    }
    if !labels.isEmpty {
      var all = cluster.customLabels ?? [:]
      for label in labels { all[label.key] = label.value.isEmpty ? nil : label.value }
      changes.customLabels = all
    }
    let request = FaceRequest.updateCluster(
      cluster.objectID, changes, lockVersion: cluster.metaLockVersion,
      isRehearsal: options.isRehearsal)
    try context.change(request, from: client) { _, event in EventText.summary(event) }
  }
}

/// `key=value`, as an option's value.
package struct Label: CommandLineValue {
  let key: String
  /// Empty takes the label away.
  let value: String

  package init?(commandLineWord word: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    (key, value) = (String(parts[0]), String(parts[1]))
  }

  package static var expectation: String { "key=value" }
  package var commandLineWord: String { "\(key)=\(value)" }
}

/// A mark of a person, with the two options that set it and take it away.
private struct Mark: Sendable {
  let name: String
  let set: Argument<Bool>
  let unset: Argument<Bool>
  let apply: @Sendable (inout FigureClusterChanges, Bool) -> Void

  init(
    _ name: String, help: String,
    _ apply: @escaping @Sendable (inout FigureClusterChanges, Bool) -> Void
  ) {
    self.name = name
    set = .flag(name, help: help)
    unset = .flag("no-\(name)", help: "No longer so.")
    self.apply = apply
  }
}

extension SetCommand: Subcommand {
  private static let marks = [
    Mark("favourite", help: "Mark the person as a favourite.") { $0.isFavourite = $1 },
    Mark("hidden", help: "Let programs leave the person out.") { $0.isHidden = $1 },
    Mark("ignored", help: "A stranger: leave the person out of lists.") { $0.isIgnored = $1 },
    Mark("confirmed", help: "The faces are right: clustering only adds to them.") {
      $0.isConfirmed = $1
    },
  ]
  private static let birthDate: Argument<String?> = .option(
    "birth-date", value: "DATE", help: "Such as 1990-05-17; an empty one takes it away.")
  private static let cover: Argument<String?> = .option(
    "cover", value: "FIGURE", help: "Which of the person's faces stands for all.")
  private static let label: Argument<[Label]> = .repeatedOption(
    "label", value: "KEY=VALUE",
    help: "Add or change a label; KEY= takes it away. Other labels stay.")
  private static let customID: Argument<String?> = .option(
    "custom-id", value: "ID", help: "The person's ID elsewhere; an empty one takes it away.")

  package static let declaration = Command(
    "set", summary: "Set marks, birth date, cover and labels of a person",
    arguments: [CurationOptions.person]
      + marks.flatMap { [$0.set, $0.unset] as [any ArgumentDeclaring] }
      + [birthDate, cover, label, customID, SharedArguments.library, CurationOptions.dryRun],
    examples: [
      .init("figurectl set Ada --favourite --birth-date 1815-12-10", "Mark and date."),
      .init("figurectl set Ada --label album=family --label old=", "Add one label, drop another."),
    ])

  package init(_ arguments: ParsedArguments) {
    person = arguments[CurationOptions.person]
    var changes = FigureClusterChanges()
    var contradiction: String?
    for mark in Self.marks {
      let (isSet, isUnset) = (arguments[mark.set], arguments[mark.unset])
      if isSet || isUnset { mark.apply(&changes, isSet) }
      if isSet && isUnset { contradiction = mark.name }
    }
    changes.birthDate = arguments[Self.birthDate]
    changes.customID = arguments[Self.customID]
    self.changes = changes
    self.contradiction = contradiction
    cover = arguments[Self.cover]
    labels = arguments[Self.label]
    options = CurationOptions(arguments)
  }
}
