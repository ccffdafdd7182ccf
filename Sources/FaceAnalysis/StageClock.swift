/// Books the time since the last booking to one stage after the other.
struct StageClock {
  private(set) var durations = AnalysisDurations()
  private var last = ContinuousClock.now

  /// Books everything since the last call, or since the clock was made.
  mutating func end(_ stage: WritableKeyPath<AnalysisDurations, Duration>) {
    let now = ContinuousClock.now
    durations[keyPath: stage] += last.duration(to: now)
    last = now
  }
}
