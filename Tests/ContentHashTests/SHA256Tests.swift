import ContentHash
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-2, appendix B, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func agreesWithTheStandard(message: String, digest: String) {
    #expect(SHA256Digest(of: Array(message.utf8)).hexadecimal == digest)
  }

  /// Test case 2 of RFC 4231.
  @Test func authenticatesAsTheStandardSays() {
    let code = MessageAuthenticationCode(
      of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    #expect(code.bytes.prefix(4) == [0x5b, 0xdc, 0xc1, 0x46])
    #expect(code.matches(code.bytes))
    #expect(!code.matches(Array(code.bytes.dropLast())))
    #expect(!code.matches(code.bytes.map { $0 ^ 1 }))
  }
}
