import Kernels
import Testing

@Suite struct ProcessorLevelTests {
  @Test func levelsAreOrderedFromTheOldestUp() {
    #expect(ProcessorLevel.baseline < .avx2)
    #expect(ProcessorLevel.avx2 < .avx512)
    #expect(ProcessorLevel.allCases.max() == .avx512)
  }

  @Test func neverOffersMoreThanTheProcessorHas() {
    #expect(ProcessorLevel.best <= .supported)
    #expect(ProcessorLevel.available.contains(.baseline))
    for level in ProcessorLevel.allCases {
      #expect(KernelTable.forLevel(level).level == min(level, .supported))
    }
  }

  @Test func measuresItsLimitsWithRealWork() {
    for level in ProcessorLevel.available {
      let kernels = KernelTable.forLevel(level)
      let values = [Float](repeating: 0.5, count: 1024)
      values.withUnsafeBufferPointer { #expect(kernels.readThrough($0.baseAddress!, 1024) == 512) }
      // 1 → 1 · 1 + 1 → …: n + 1 after n rounds, in every lane of every sum.
      let sums = kernels.operationsPerRound / 2
      #expect(kernels.multiplyInRegisters(3, 1) == Float(4 * sums))
    }
  }

  @Test func agreesWithTheMatrixLibraryAboutTheProcessor() {
    #expect(!OpenBLAS.coreName.isEmpty)
    #expect(OpenBLAS.configuration.contains("OpenBLAS"))
    #expect(OpenBLAS.isWellChosen(for: .avx2, coreName: "Zen"))
    #expect(!OpenBLAS.isWellChosen(for: .avx512, coreName: "Haswell"))
    #expect(OpenBLAS.isWellChosen(for: .avx512, coreName: "SkylakeX"))
    #expect(OpenBLAS.coreType(for: .avx512) == "SkylakeX")
  }
}
