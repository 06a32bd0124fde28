namespace Recorder.Kernel.Tests;

public sealed class CaptureOptionsTests
{
    public static TheoryData<string, CaptureOptions> Wrong => new()
    {
        { "RingBytes", new CaptureOptions { RingBytes = 32 * 1024 } },
        { "RingBytes", new CaptureOptions { RingBytes = (16 * 1024 * 1024) + 1 } },
        { "RingBytes", new CaptureOptions { RingBytes = 100_000 } },
        { "Mode", new CaptureOptions { Mode = (CaptureMode)7 } },
        { "Linger", new CaptureOptions { Linger = TimeSpan.FromSeconds(-1) } },
        { "Linger", new CaptureOptions { Linger = TimeSpan.FromHours(2) } },
        { "WakeBytes", new CaptureOptions { WakeBytes = -1 } },
        { "WakeBytes", new CaptureOptions { RingBytes = 64 * 1024, WakeBytes = 64 * 1024 } },
        { "RealTimePriority", new CaptureOptions { RealTimePriority = 100 } },
        { "PinDirectory", new CaptureOptions { PinDirectory = "relative/path" } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Validate_ValueNotAllowed_NamesKeyValueAndWhatIsAllowed(string key, CaptureOptions options)
    {
        CaptureOptionsException e = Should.Throw<CaptureOptionsException>(options.Validate);

        e.Key.ShouldBe(key);
        e.Message.ShouldStartWith(key + " is ");
        e.Message.ShouldContain(": allowed is ");
    }

    [Fact]
    public void Validate_Defaults_AreAllowed() => Should.NotThrow(new CaptureOptions().Validate);
}
