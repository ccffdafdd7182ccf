import FaceTypes
import Testing

@Suite struct PublicIdentifierTests {
  @Test func readsEverySpellingThatItWrites() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      let identifier = PublicIdentifier.random(using: &generator)
      #expect(PublicIdentifier(identifier.hexadecimal) == identifier)
      #expect(PublicIdentifier(identifier.uuid) == identifier)
      #expect(PublicIdentifier(identifier.uuid.uppercased()) == identifier)
      #expect(PublicIdentifier(bytes: identifier.bytes) == identifier)
    }
  }

  @Test func marksVersionAndVariant() {
    let digits = Array(PublicIdentifier.random().uuid)
    #expect(digits[14] == "4")
    #expect("89ab".contains(digits[19]))
  }

  @Test(arguments: [
    "", "0", "zz", String(repeating: "0", count: 31), String(repeating: "0", count: 33),
  ])
  func refusesWhatIsNot128Bits(text: String) {
    #expect(PublicIdentifier(text) == nil)
  }

  @Test func keepsLeadingZeros() {
    let identifier = PublicIdentifier(high: 1, low: 2)
    #expect(identifier.hexadecimal == "00000000000000010000000000000002")
    #expect(identifier.uuid == "00000000-0000-0001-0000-000000000002")
    #expect(PublicIdentifier(bytes: [1, 2, 3]) == nil)
  }
}
