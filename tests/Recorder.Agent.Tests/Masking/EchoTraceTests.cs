namespace Recorder.Agent.Tests.Masking;

/// <summary>Traces of real programs on a real terminal (bash 5.2, busybox 1.35, vim 9, less, CPython 3.11).</summary>
public sealed class EchoTraceTests
{
    [Theory]
    [InlineData("bash-typing", "echo hello^Mecho x^[[D^[[Dabc^?^[[CÃ©^M^[[A^Mls /et^I^M")]
    [InlineData("bash-paste", "echo one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen^M"
        + "^[[200~echo pasted^[[201~^Mls^Mprintf a^Mprintf bcdef^Mecho automated line^Mecho next line right away^M")]
    [InlineData("ash-typing", "echo hello^Mecho x^[[D^[[Dabc^?^M^[[A^Mls /et^I^Mecho a whole line at once^M"
        + "echo wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww^M")]
    [InlineData("python-repl", "print(1+1)^Mx='Ã©'^M")]
    public void Echo_LineEditor_KeepsEverything(string trace, string kept) => EchoTrace.Play(trace).ShouldBe(kept);

    [Theory]
    [InlineData("ssh-password-typed", "[10]^Mecho me^M")]
    [InlineData("ssh-password-pasted", "[10]^Mecho me^M")]
    [InlineData("ssh-password-script", "[10]^Mecho me^M")]
    [InlineData("ssh-password-corrected", "[12]^Mecho me^M")]
    [InlineData("password-stars", "[10]^M")]
    [InlineData("read-silent", "read -s pw^M[11]echo hi^M")]
    public void Echo_Password_IsMaskedAndNothingElse(string trace, string kept) => EchoTrace.Play(trace).ShouldBe(kept);

    [Theory]
    [InlineData("vim", "[3]hello world^[:set number^M:q!^M")]
    [InlineData("less", "[2]/two^M[1]")]
    public void Echo_SingleKeys_AreMaskedAndTypedTextIsKept(string trace, string kept) => EchoTrace.Play(trace).ShouldBe(kept);
}
