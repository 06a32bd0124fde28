using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Recorder.Storage;

/// <summary>
/// The engine's config.xml and users.xml (https://clickhouse.com/docs/operations/configuration-files). CREATE USER doesn't work
/// in libchdb, so users live here.
/// </summary>
internal static class EngineConfiguration
{
    public const string Writer = "recorder_writer";
    public const string Reader = "reader";
    public const string Supervisor = "recorder_supervisor";

    private const string Database = "recorder";

    public static void Write(StoreLayout layout, StoreCredentials credentials, long memoryBytes)
    {
        try
        {
            PrivateFile.Write(layout.Configuration, Server(layout, memoryBytes));
            PrivateFile.Write(layout.Users, Users(credentials, memoryBytes));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ToStoreException(failure, layout.Root);
        }
    }

    /// <summary>Half of what this process may use, so that the collector has the rest.</summary>
    public static long DefaultMemory() =>
        Math.Max(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    private static string Server(StoreLayout layout, long memoryBytes) => string.Create(CultureInfo.InvariantCulture, $"""
        <clickhouse>
          <log-level>warning</log-level>
          <logger><level>warning</level><console>1</console></logger>
          <users_config>{SecurityElement.Escape(layout.Users)}</users_config>
          <max_server_memory_usage>{memoryBytes}</max_server_memory_usage>
          <mark_cache_size>{Math.Min(256L << 20, memoryBytes / 8)}</mark_cache_size>
          <uncompressed_cache_size>0</uncompressed_cache_size>
          <background_schedule_pool_size>16</background_schedule_pool_size>
          <max_concurrent_queries>100</max_concurrent_queries>
          <keep_alive_timeout>10</keep_alive_timeout>
        </clickhouse>
        """);

    // `default` is the session that opens the listener. It has no password, so it may do nothing else.
    private static string Users(StoreCredentials credentials, long memoryBytes) => $"""
        <clickhouse>
          <profiles>
            <default><async_insert>0</async_insert></default>
            <recorder_reader>
              <readonly>2</readonly>
              <max_memory_usage>{(memoryBytes / 2).ToString(CultureInfo.InvariantCulture)}</max_memory_usage>
              <max_execution_time>60</max_execution_time>
              <constraints>
                <max_memory_usage><const/></max_memory_usage>
                <max_execution_time><min>1</min><max>60</max></max_execution_time>
              </constraints>
            </recorder_reader>
          </profiles>
          <quotas><default/></quotas>
          <users>
            <default>
              <password></password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
              <grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants>
            </default>
        {User(Writer, credentials.Writer, "default",
            $"GRANT SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE ON {Database}.*",
            "GRANT CREATE TEMPORARY TABLE ON *.*",
            "GRANT TABLE ENGINE ON MergeTree, TABLE ENGINE ON ReplacingMergeTree, TABLE ENGINE ON Memory",
            "GRANT SELECT ON system.parts")}
        {User(Reader, credentials.Reader, "recorder_reader", $"GRANT SELECT ON {Database}.*")}
        {User(Supervisor, credentials.Supervisor, "default", "GRANT KILL QUERY ON *.*", "GRANT SELECT ON system.processes")}
          </users>
        </clickhouse>
        """;

    private static string User(string name, string password, string profile, params string[] grants)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)));
        string list = string.Concat(grants.Select(grant => $"<query>{grant}</query>"));
        return $"    <{name}><password_sha256_hex>{hash}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks>"
            + $"<profile>{profile}</profile><quota>default</quota><grants>{list}</grants></{name}>";
    }
}
