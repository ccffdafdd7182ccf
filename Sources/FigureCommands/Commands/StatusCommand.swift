package import CommandLineParsing
internal import FaceClient
package import WireProtocol

/// The command `figurectl status`.
package struct StatusCommand {
  package init() {}

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.status, from: client) { status in
      context.facts(
        Self.facts(status, role: client.hello.peer.role, socket: context.socketPath))
    }
  }

  /// What there is to say, each with its name.
  package static func facts(
    _ status: StatusMessage, role: Role, socket: String
  ) -> [(name: String, value: String)] {
    let (counts, queue, memory) = (status.counts, status.queue, status.memory)
    let limit = memory.limitBytes.map { ", limit \(Quantity.bytes($0))" } ?? ""
    var facts = [
      (
        "daemon",
        "\(status.product) \(status.version), up \(Quantity.duration(seconds: status.uptimeSeconds))"
      ),
      ("socket", "\(socket); protocol \(status.protocolVersion), your role is \(role.rawValue)"),
      (
        "model",
        "\(status.model.detector) and \(status.model.embedder), "
          + "\(status.model.dimension) numbers a face, \(status.model.fingerprint.prefix(12))…"
      ),
      ("libraries", Quantity.count(counts.libraries)),
      ("media", Quantity.count(counts.media)),
      (
        "faces",
        "\(Quantity.count(counts.figures)), \(Quantity.count(counts.waitingFigures)) waiting"
      ),
      (
        "people",
        "\(Quantity.count(counts.figureClusters)), "
          + "\(Quantity.count(counts.namedFigureClusters)) named"
      ),
      (
        "queue",
        "\(Quantity.count(queue.tasks, "task")), \(Quantity.count(queue.images, "image")); "
          + "\(Quantity.count(queue.connections, "connection")), "
          + "\(Quantity.count(queue.requestsInFlight, "request")) in flight"
      ),
      (
        "memory",
        "\(Quantity.bytes(memory.residentBytes)) "
          + "(peak \(Quantity.bytes(memory.peakResidentBytes))\(limit))"
      ),
      (
        "storage",
        "\(Quantity.bytes(status.storage.databaseBytes)) in \(status.storage.stateDirectory)"
      ),
      (
        "processor",
        "\(status.processor.level), \(status.processor.precision), "
          + "\(Quantity.count(status.processor.workers, "worker")), OpenBLAS for \(status.processor.openBLASCore)"
      ),
    ]
    for (index, activity) in (status.activity.isEmpty ? ["idle"] : status.activity).enumerated() {
      facts.append((index == 0 ? "now" : "", activity))
    }
    for (index, warning) in status.warnings.enumerated() {
      facts.append((index == 0 ? "warnings" : "", warning))
    }
    return facts
  }
}

extension StatusCommand: Subcommand {
  package static let declaration = Command(
    "status", summary: "Show what the daemon is, has and does right now")

  package init(_ arguments: ParsedArguments) { self.init() }
}
