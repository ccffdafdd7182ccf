import FaceStore
import FaceTypes
import Testing

/// Texts from clients come back as they were, or are refused; they are never read as SQL.
@Suite struct HostileTextTests {
  static let texts = [
    "", " ", "\0", "a\0b", "\0\0", "'", "''", "\"", "'; DROP TABLE media; --", "?", "?1", ":a",
    "%", "_", "\\", "\n\r\t", "\u{1F469}\u{200D}\u{1F467}", "e\u{301}", "\u{E9}", "\u{202E}abc",
    "\u{FEFF}", "NULL", "1e999", "0x10", "[1]", String(repeating: "x", count: 1 << 20),
    String(repeating: "'\0", count: 5000),
  ]

  @Test(arguments: texts.indices)
  func everyTextComesBackAsItWas(index: Int) throws {
    let text = Self.texts[index]
    let test = try TestStore()
    let library = try test.store.write {
      try $0.createLibrary(named: text, description: text)
    }
    let details = MediaDetails(
      title: text, description: text, tags: [text, text], namespace: text, referenceID: text,
      userData: text, customFields: [text: .text(text)])
    let content = MediaContent(format: text, cameraMake: text, cameraModel: text)
    try test.store.write { transaction throws in
      let media = try transaction.insertMedia(
        NewMedia(
          library: library.id, uri: text, mediaType: .image,
          status: .failed(code: text, message: text), content: content, details: details))
      let cluster = try transaction.nextClusterID(in: library.id)
      try transaction.insertCluster(cluster, in: library.id)
      try transaction.updateCluster(
        cluster,
        ClusterUpdate(name: .set(text), customID: .set(text), customLabels: .set([text: text])),
        expectedLockVersion: 0)
      let figure = try transaction.insertFigures([.made(1)], of: media)[0]
      try transaction.assign([
        ClusterAssignment(figure: figure, cluster: nil, waitingReason: text)
      ])
      let task = try transaction.insertTask(
        NewTask(library: library.id, kind: text, userData: text, requestedBy: 1))
      try transaction.appendItems(to: task, paths: [text])
      try transaction.setMetaValue(text, text)
      let secret = try transaction.secret(named: text)

      #expect(try transaction.library(named: text)?.description == text)
      let record = try #require(try transaction.media(in: library.id, uri: text))
      #expect(record.details == details)
      #expect(record.content == content)
      #expect(record.status == .failed(code: text, message: text))
      #expect(try transaction.media(in: library.id, referenceID: text) == record)
      let query = MediaQuery(
        library: library.id, namespace: text,
        customFields: [CustomFieldCondition(field: text, match: .equal(.text(text)))])
      #expect(try transaction.media(query, page: .first(2)).records == [record])
      let clusters = ClusterQuery(
        library: library.id, name: text, customID: text, customLabels: [text: text])
      let found = try transaction.clusters(clusters, page: .first(2)).records
      #expect(found.map(\.id) == [cluster])
      #expect(found[0].name == text)
      #expect(found[0].customLabels == [text: text])
      #expect(try transaction.figure(figure)?.waitingReason == text)
      #expect(try transaction.task(task)?.kind == text)
      #expect(try transaction.taskItems(of: task, count: 1)[0].path == text)
      #expect(try transaction.metaValue(text) == text)
      #expect(try transaction.secret(named: text) == secret)
    }
    #expect(try test.isIntact())
  }

  @Test func aTextBeyondTheLimitIsRefused() throws {
    let test = try TestStore()
    let text = String(repeating: "x", count: 17 << 20)
    #expect(throws: StoreError.invalidValue(field: "row", reason: "larger than the store accepts"))
    {
      try test.library(text)
    }
    _ = try test.library("short")
  }

  @Test func distinctTextsStayDistinct() throws {
    let test = try TestStore()
    // Swift calls the two spellings of é equal; as keys they are different texts.
    for text in ["a", "A", "a ", "a\0", "\u{E9}", "e\u{301}"] { _ = try test.library(text) }
    #expect(try test.store.read { try $0.libraries().count } == 6)
  }
}
