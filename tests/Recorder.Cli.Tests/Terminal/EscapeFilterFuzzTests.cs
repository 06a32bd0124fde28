using System.Buffers;
using System.Text;
using Recorder.Cli.Terminal;

namespace Recorder.Cli.Tests.Terminal;

public sealed class EscapeFilterFuzzTests
{
    private const int Rounds = 4000;

    private static readonly byte[][] Pieces =
    [
        "\e"u8.ToArray(), "\e["u8.ToArray(), "\e]"u8.ToArray(), "\eP"u8.ToArray(), "\e\\"u8.ToArray(), "\a"u8.ToArray(), [0x9B], [0x9D], [0x90], [0x9C], [0xC2, 0x9B], [0xC2, 0x9D],
        [0xC2], [0xE2, 0x9B], [0xF0, 0x9F], "?"u8.ToArray(), ">"u8.ToArray(), ";"u8.ToArray(), ":"u8.ToArray(), "$"u8.ToArray(), " "u8.ToArray(), "1049"u8.ToArray(), "6"u8.ToArray(),
        "25"u8.ToArray(), "99999999"u8.ToArray(), "m"u8.ToArray(), "n"u8.ToArray(), "c"u8.ToArray(), "t"u8.ToArray(), "h"u8.ToArray(), "l"u8.ToArray(), "H"u8.ToArray(), "J"u8.ToArray(),
        "q"u8.ToArray(), "i"u8.ToArray(), "p"u8.ToArray(), "r"u8.ToArray(), "0"u8.ToArray(), "!"u8.ToArray(), "("u8.ToArray(), "#"u8.ToArray(), "8"u8.ToArray(), "k"u8.ToArray(),
        "R"u8.ToArray(), [0x18], [0x05], [0x00], "\r\n"u8.ToArray(), "text"u8.ToArray(), "é"u8.ToArray(),
    ];

    [Fact]
    public void Write_RandomBytes_WritesOnlyWhatIsAllowed()
    {
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = new byte[random.Next(1, 200)];
            random.NextBytes(input);
            Judge(input, random);
        }
    }

    [Fact]
    public void Write_RandomSequences_WritesOnlyWhatIsAllowed()
    {
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = [.. Enumerable.Range(0, random.Next(1, 40)).SelectMany(_ => Pieces[random.Next(Pieces.Length)])];
            Judge(input, random);
        }
    }

    [Fact]
    public void Write_EverySplit_GivesTheSame()
    {
        byte[] input = [.. Pieces.SelectMany(piece => piece), .. "\e[1;31mé\e]0;雛\a\e[?1049;2004hx"u8];
        byte[] whole = Filtered.All(input);
        for (int at = 0; at <= input.Length; at++)
        {
            var filter = new EscapeFilter();
            var output = new ArrayBufferWriter<byte>();
            filter.Write(input.AsSpan(0, at), output);
            Filtered.Violations(output.WrittenSpan.ToArray()).ShouldBe("", $"unfinished after {at}");
            filter.Write(input.AsSpan(at), output);
            filter.Finish(output);
            output.WrittenSpan.ToArray().ShouldBe(whole, $"split at {at}");
        }
    }

    [Fact]
    public void Write_ItsOwnOutput_ChangesNothing()
    {
        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = [.. Enumerable.Range(0, random.Next(1, 40)).SelectMany(_ => Pieces[random.Next(Pieces.Length)])];
            byte[] once = Filtered.All(input);
            Filtered.All(once).ShouldBe(once);
        }
    }

    private static void Judge(byte[] input, Random random)
    {
        byte[] output = Filtered.All(input);
        Filtered.Violations(output).ShouldBe("", Convert.ToHexString(input));
        Filtered.Pieces(input, random.Next(1, input.Length + 1)).ShouldBe(output, Convert.ToHexString(input));
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(output)).ShouldBe(output);
    }
}
