using System.Text.Json;
using Recorder.Collector.Web;
using Recorder.Wire;

namespace Recorder.Collector.Sessions;

/// <summary>The fields of FORK, EXEC, EXIT and CONNECT lines.</summary>
internal static class ProcessFrameLine
{
    public static void Write(Utf8JsonWriter json, ForkFrame fork)
    {
        json.WriteNumber("pid"u8, fork.Pid);
        json.WriteNumber("start"u8, fork.Start);
        json.WriteNumber("ppid"u8, fork.ParentPid);
        json.WriteNumber("parentStart"u8, fork.ParentStart);
        json.WriteNumber("nsPid"u8, fork.NamespacePid);
    }

    public static void Write(Utf8JsonWriter json, ExecFrame exec)
    {
        json.WriteNumber("pid"u8, exec.Pid);
        json.WriteNumber("start"u8, exec.Start);
        json.WriteOptional("ppid"u8, exec.ParentPid);
        json.WriteOptional("parentStart"u8, exec.ParentStart);
        json.WriteOptional("nsPid"u8, exec.NamespacePid);
        json.WriteOptional("exe"u8, exec.Exe);
        json.WriteOptional("cwd"u8, exec.Cwd);
        json.WriteTexts("argv"u8, exec.Argv);
        json.WriteOptional("argvBytes"u8, exec.ArgvBytes);
        json.WriteOptional("comm"u8, exec.Comm);
        WriteCredentials(json, exec);
        json.WriteBoolean("late"u8, exec.Late);
    }

    public static void Write(Utf8JsonWriter json, ExitFrame exit)
    {
        json.WriteNumber("pid"u8, exit.Pid);
        json.WriteNumber("start"u8, exit.Start);
        json.WriteOptional("exitCode"u8, exit.ExitCode);
        json.WriteOptional("signal"u8, exit.Signal);
        json.WriteBoolean("coreDumped"u8, exit.CoreDumped);
    }

    public static void Write(Utf8JsonWriter json, ConnectFrame connect)
    {
        json.WriteNumber("pid"u8, connect.Pid);
        json.WriteNumber("start"u8, connect.Start);
        json.WriteString("family"u8, ConnectionView.FamilyName(connect.Family));
        json.WriteString("protocol"u8, ConnectionView.ProtocolName(connect.Protocol));
        json.WriteString("address"u8, ConnectionView.AddressText(connect.Family, connect.Address));
        json.WriteNumber("port"u8, connect.Port);
        json.WriteNumber("result"u8, connect.Result);
        json.WriteOptional("error"u8, Errno.Name((int)connect.Result));
    }

    private static void WriteCredentials(Utf8JsonWriter json, ExecFrame exec)
    {
        json.WriteOptional("uid"u8, exec.Uid);
        json.WriteOptional("gid"u8, exec.Gid);
        json.WriteOptional("euid"u8, exec.EffectiveUid);
        json.WriteOptional("egid"u8, exec.EffectiveGid);
        json.WriteOptional("loginUid"u8, exec.LoginUid);
        json.WriteOptional("capEffective"u8, ExecView.Mask(exec.CapEffective));
        json.WriteOptional("capPermitted"u8, ExecView.Mask(exec.CapPermitted));
        json.WriteOptional("capInheritable"u8, ExecView.Mask(exec.CapInheritable));
        json.WriteOptional("capBounding"u8, ExecView.Mask(exec.CapBounding));
        json.WriteOptional("capAmbient"u8, ExecView.Mask(exec.CapAmbient));
    }
}
