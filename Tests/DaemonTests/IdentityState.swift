import FaceClient
import Foundation
import WireProtocol

extension FaceClient {
  /// Every element of a list, page after page.
  func all(
    _ method: String, _ member: String, _ parameters: [String: JSONValue]
  ) throws -> [JSONValue] {
    var elements: [JSONValue] = []
    var parameters = parameters
    repeat {
      let page = try call(.raw(method, parameters))
      elements += page[member]?.arrayValue ?? []
      parameters["NextToken"] = page["NextToken"]
    } while parameters["NextToken"] != nil
    return elements
  }

  /// Everybody, those who are ignored included.
  func everyFigureCluster() throws -> [JSONValue] {
    try all("QueryFigureClusters", "FigureClusters", ["IncludeIgnored": true])
  }

  /// Everything that undo brings back, by what it is of.
  func identityState() throws -> [String: String] {
    var state: [String: String] = [:]
    for cluster in try everyFigureCluster() {
      var members = cluster.objectValue ?? [:]
      for name in ["UpdateTime", "MetaLockVersion", "Cover"] { members[name] = nil }
      let cover = cluster["Cover"]?["Figures"]?.arrayValue?.first?["FigureId"]
      state["cluster \(cluster["ObjectId"]?.stringValue ?? "")"] = try text(.object(members))
      state["cover \(cluster["ObjectId"]?.stringValue ?? "")"] = cover?.stringValue
    }
    for figure in try all("ListFigures", "Figures", [:]) {
      let names = ["FigureClusterId", "FigureClusterConfidence", "WaitingReason"]
      state["figure \(figure["FigureId"]?.stringValue ?? "")"] = try text(
        .array(names.map { figure[$0] ?? .null }))
    }
    return state
  }

  private func text(_ value: JSONValue) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
