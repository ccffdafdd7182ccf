import Foundation
import Testing
import WireProtocol

/// What `$/cancel` does, however close it comes behind its request.
@Suite struct CancelTests {
  private func request(_ id: Int, _ method: String, _ parameters: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(parameters)}"# + "\n"
  }

  private func cancellation(of id: Int) -> String {
    #"{"jsonrpc":"2.0","method":"$/cancel","params":{"Id":\#(id)}}"# + "\n"
  }

  private func code(_ answer: JSONValue) -> String? {
    answer["error"]?["data"]?["Code"]?.stringValue
  }

  private let image = DemoLibrary.path("group_07.jpg")

  @Test func endsARequestThatWasSentInTheSameWrite() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    for id in 1...200 {
      connection.send(
        request(id, "DetectImageFaces", #"{"SourceURI":"\#(image)"}"#) + cancellation(of: id))
    }
    for _ in 1...200 { #expect(code(try connection.answer()) == "RequestCancelled") }
  }

  @Test func endsAnImportThatWasSentInTheSameWrite() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let parameters = #"{"Paths":["\#(DemoLibrary.folder.path)"],"Wait":true}"#
    for id in 1...10 {
      connection.send(request(id, "ImportMedia", parameters) + cancellation(of: id))
      #expect(code(try connection.answer()) == "RequestCancelled")
    }
    let client = try daemon.client()
    for task in try client.call(.tasks()).tasks {
      #expect(try client.call(.waitForTask(task.taskID)).task.status == .cancelled)
    }
  }

  /// A line this long is read on another thread than its `$/cancel` would be.
  @Test func endsARequestWhoseLineIsLong() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let content = try Data(contentsOf: URL(filePath: image)).base64EncodedString()
    for id in 1...20 {
      connection.send(
        request(id, "DetectImageFaces", #"{"SourceURI":{"Base64":"\#(content)"}}"#)
          + cancellation(of: id))
      #expect(code(try connection.answer()) == "RequestCancelled")
    }
  }

  @Test func reachesARequestThatWaitsBehindOthers() throws {
    let daemon = try DaemonProcess(configuration: "[limits]\nrequest-threads = 2\n")
    let connection = try RawConnection(daemon.socketPath)
    for id in 1...32 {
      connection.send(request(id, "DetectImageFaces", #"{"SourceURI":"\#(image)"}"#))
    }
    connection.send(cancellation(of: 32))
    var order: [Int64] = []
    for _ in 1...32 {
      let answer = try connection.answer()
      let id = try #require(answer["id"]?.integerValue)
      #expect((code(answer) == "RequestCancelled") == (id == 32))
      order.append(id)
    }
    #expect(order.last != 32)
    #expect(Set(order).count == 32)
  }

  @Test func keepsRequestsBehindALongOneInOrder() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let padding = String(repeating: " ", count: 900_000)
    connection.send(padding + request(1, "Ping", "{}") + request(1, "Ping", "{}"))
    connection.send(cancellation(of: 1) + request(2, "Ping", "{}"))
    var ids: [Int64] = []
    for _ in 1...3 { ids.append(try #require(try connection.answer()["id"]?.integerValue)) }
    #expect(ids.sorted() == [1, 1, 2])
  }
}
