import FaceStore
import FaceTypes
import Testing

@Suite struct RememberedTests {
  @Test func remembersAnAnswerUntilItExpires() throws {
    let test = try TestStore()
    let expiry = Timestamp(milliseconds: test.clock.now.milliseconds + 100)
    let first = RememberedResult(requestDigest: [1], result: [2, 3], expires: expiry)
    let second = RememberedResult(
      requestDigest: [9], result: [],
      expires: Timestamp(milliseconds: expiry.milliseconds + 1000))
    func remembered(_ scope: String = "s") throws -> RememberedResult? {
      try test.store.read { try $0.result(ofToken: "t", scope: scope, at: test.clock.now) }
    }
    func remember(_ result: RememberedResult) throws -> Bool {
      try test.store.write { try $0.remember(result, token: "t", scope: "s") }
    }
    #expect(try remembered() == nil)
    #expect(try remember(first))
    #expect(try remembered() == first)
    #expect(try remembered("other") == nil)
    #expect(try remember(second) == false)
    #expect(try remembered() == first)
    test.clock.advance(by: 100)
    #expect(try remembered() == nil)
    #expect(try remember(second))
    #expect(try remembered() == second)
    #expect(try test.store.write { try $0.forgetExpiredResults() } == 0)
    test.clock.advance(by: 5000)
    #expect(try test.store.write { try $0.forgetExpiredResults() } == 1)
  }

  @Test func secretsAreMadeOnce() throws {
    let test = try TestStore()
    let first = try test.store.write { try $0.secret(named: "pages") }
    #expect(first.count == 32)
    #expect(try test.store.write { try $0.secret(named: "pages") } == first)
    #expect(try test.store.write { try $0.secret(named: "other") } != first)
  }

  @Test func metaValuesAreOverwritten() throws {
    let test = try TestStore()
    #expect(try test.store.read { try $0.metaValue("a") } == nil)
    try test.store.write { try $0.setMetaValue("a", "1") }
    try test.store.write { try $0.setMetaValue("a", "2") }
    #expect(try test.store.read { try $0.metaValue("a") } == "2")
  }
}
