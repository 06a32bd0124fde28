using System.Globalization;
using System.Text;

namespace Recorder.Storage;

/// <summary>Conditions on <c>sessions</c> from a filter. Values travel as parameters; the text is ours alone.</summary>
internal static class SessionSql
{
    private const int ContainerIdPrefix = 8;

    public const string Columns = "id, origin, revision, kind, depth, ended, late, tty, started, ended_at, started_boottime, exit_code, signal, "
        + "parent, cluster, node, namespace, pod, pod_uid, service_account, container, container_id, image, runtime, user, uid, gid, "
        + "login_uid, command, exe, cwd, root_pid, root_start, terminal, terminal_columns, terminal_rows, streams, sources, labels";

    /// <summary>Where an array of ids selects rows by the primary key, which is over <c>UUIDToNum</c>.</summary>
    public static string KeyIn(string column) =>
        $"UUIDToNum({column}) IN (SELECT UUIDToNum(arrayJoin({{ids:Array(UUID)}})))";

    /// <summary>The conditions, joined by AND; adds their values.</summary>
    public static string Where(SessionFilter filter, QueryParameters parameters)
    {
        var conditions = new List<string>();
        Exact(conditions, parameters, "namespace", filter.Namespace);
        Exact(conditions, parameters, "pod", filter.Pod);
        Exact(conditions, parameters, "node", filter.Node);
        if (filter.Kind is null) conditions.Add("kind != 'probe'");
        else Exact(conditions, parameters, "kind", filter.Kind);
        Container(conditions, parameters, filter.Container);
        User(conditions, parameters, filter.User);
        Command(conditions, parameters, filter.Command);
        State(conditions, parameters, filter);
        Time(conditions, parameters, ">=", "since", filter.Since);
        Time(conditions, parameters, "<", "until", filter.Until);
        if (filter.Ids is { } ids)
        {
            parameters.Add("ids", ids);
            conditions.Add(KeyIn("id"));
        }
        return string.Join(" AND ", conditions.DefaultIfEmpty("1"));
    }

    private static void Exact(List<string> conditions, QueryParameters parameters, string column, string? value)
    {
        if (value is null) return;
        parameters.Add(column, value);
        conditions.Add($"{column} = {{{column}:String}}");
    }

    private static void Container(List<string> conditions, QueryParameters parameters, string? value)
    {
        if (value is null) return;
        parameters.Add("container", value);
        conditions.Add(value.Length >= ContainerIdPrefix
            ? "(container = {container:String} OR startsWith(container_id, {container:String}))"
            : "container = {container:String}");
    }

    private static void User(List<string> conditions, QueryParameters parameters, string? value)
    {
        if (value is null) return;
        parameters.Add("user", value);
        bool isId = uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id);
        if (isId) parameters.Add("uid", (ulong)id);
        conditions.Add(isId ? "(user = {user:String} OR uid = {uid:UInt32})" : "user = {user:String}");
    }

    private static void Command(List<string> conditions, QueryParameters parameters, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        // LIKE and not position(): the n-gram index serves LIKE.
        var pattern = new StringBuilder("%");
        foreach (char c in value) pattern.Append(c is '%' or '_' or '\\' ? "\\" : "").Append(c);
        parameters.Add("command", pattern.Append('%').ToString());
        conditions.Add("command_line LIKE {command:String}");
    }

    private static void State(List<string> conditions, QueryParameters parameters, SessionFilter filter)
    {
        // A session counts as ended once its verdict is stored, which follows its last frames.
        const string judged = "id IN (SELECT session FROM session_verdicts)";
        if (filter.Ended is { } want) conditions.Add(want ? judged : "NOT " + judged);
        if (filter.Verdict is not { } verdict) return;
        if (verdict == Verdict.Open)
        {
            conditions.Add("NOT " + judged);
            return;
        }
        parameters.Add("verdict", (ulong)verdict);
        conditions.Add("id IN (SELECT session FROM session_verdicts FINAL WHERE verdict = {verdict:UInt8})");
    }

    private static void Time(List<string> conditions, QueryParameters parameters, string comparison, string name, long? value)
    {
        if (value is not { } nanoseconds) return;
        parameters.Add(name, nanoseconds);
        conditions.Add($"started {comparison} fromUnixTimestamp64Nano({{{name}:Int64}})");
    }
}
