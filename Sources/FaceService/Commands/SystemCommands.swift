internal import FaceTypes
internal import WireProtocol

let systemCommands = [
  Command("Ping", .none, []) { _, _, _ in Reply(EmptyResult()) },
  Command("GetStatus", .reader, []) { service, _, _ in Reply(try service.status()) },
]
