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

  /// Test case 5 of RFC 4231, which truncates the code to 128 bits.
  @Test func truncatesAsTheStandardSays() {
    let code = MessageAuthenticationCode(
      of: Array("Test With Truncation".utf8), key: [UInt8](repeating: 0x0c, count: 20), count: 16)
    let expected: [UInt8] = [
      0xa3, 0xb6, 0x16, 0x74, 0x73, 0x10, 0x0e, 0xe0,
      0x6e, 0x0c, 0x79, 0x6c, 0x29, 0x55, 0x55, 0x2b,
    ]
    #expect(code.bytes == expected)
    #expect(code.matches(expected))
    #expect(!code.matches(expected + [0]))
  }

  @Test func takesADigestOfTheRightLengthOnly() {
    let digest = SHA256Digest(of: [])
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(SHA256Digest(bytes: []) == nil)
    #expect(SHA256Digest(bytes: digest.bytes + [0]) == nil)
  }
}
