internal import Spelling
internal import WireProtocol

/// A method: its name, who may call it, which parameters it takes, and what it does.
///
/// The table of commands checks name, role and parameters in one place; what a command reads is
/// checked where it reads it.
struct Command: Sendable {
  let name: String
  let role: Role
  let parameters: [String]
  private let body: @Sendable (Service, Parameters, RequestContext) throws -> Reply?

  /// A command that answers as soon as it has run.
  init(
    _ name: String, _ role: Role, _ parameters: [String],
    _ body: @escaping @Sendable (Service, Parameters, RequestContext) throws -> Reply
  ) {
    self.name = name
    self.role = role
    self.parameters = parameters
    self.body = body
  }

  /// A command that keeps the request and answers when what it waits for has happened, without
  /// holding a thread; `body` returns `nil` if it has kept it.
  init(
    waiting name: String, _ role: Role, _ parameters: [String],
    _ body: @escaping @Sendable (Service, Parameters, RequestContext) throws -> Reply?
  ) {
    self.name = name
    self.role = role
    self.parameters = parameters
    self.body = body
  }

  /// Runs the command for `request` and sees to it that it is answered.
  func run(_ service: Service, _ request: Request, _ context: RequestContext) {
    do {
      guard context.caller.role >= role else {
        throw WireError(
          .notPermitted,
          "\(name) takes the role \(role.rawValue); yours is "
            + "\(context.caller.role.rawValue).",
          hint: "The daemon's configuration, section [access], says who has which role.")
      }
      let parameters = Parameters(request.parameters)
      try parameters.allowOnly(self.parameters)
      guard !context.isCancelled else { return }
      let reply = try service.modelInUse.hold { try body(service, parameters, context) }
      if let reply { context.answer(reply) }
    } catch {
      context.refuse(service.wireError(error, method: name, requestID: context.requestID))
    }
  }
}

/// Every method by its name.
struct CommandTable: Sendable {
  private let commands: [String: Command]

  static let all = CommandTable(
    systemCommands + libraryCommands + mediaCommands + importCommands + faceCommands
      + searchCommands + clipCommands + mediaSearchCommands + entityCommands + hybridCommands
      + labelSearchCommands + aggregationCommands + mediaJobCommands + clusterCommands
      + figureCommands + curationCommands + modelCommands
      + attributeCommands
      + fileCommands + identityCommands + explanationCommands + suggestionCommands
      + peopleCommands + healthCommands + calibrationCommands + planCommands + taskCommands)

  private init(_ commands: [Command]) {
    self.commands = Dictionary(commands.map { ($0.name, $0) }) { first, _ in
      preconditionFailure("two commands are called \(first.name)")
    }
  }

  var names: [String] { commands.keys.sorted() }

  func command(_ name: String) throws(WireError) -> Command {
    if let command = commands[name] { return command }
    throw WireError(
      .methodNotFound, "There is no method \(JSONValue.string(name).shown).", field: "method",
      hint: nearestName(to: name, among: names).map { "Did you mean \($0)?" })
  }
}
