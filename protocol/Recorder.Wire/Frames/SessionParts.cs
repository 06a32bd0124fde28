namespace Recorder.Wire;

/// <summary>The pod of a session.</summary>
public sealed record SessionPod
{
    /// <summary>Its namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its UID, as Kubernetes writes it.</summary>
    public string? Uid { get; init; }

    /// <summary>Its service account.</summary>
    public string? ServiceAccount { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("namespace"u8, Namespace);
        writer.Field("name"u8, Name);
        writer.Field("uid"u8, Uid);
        writer.Field("service_account"u8, ServiceAccount);
    }

    internal static SessionPod Read(ref MessagePackReader reader)
    {
        var pod = new SessionPod();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "namespace": pod = pod with { Namespace = reader.ReadString() }; break;
                case "name": pod = pod with { Name = reader.ReadString() }; break;
                case "uid": pod = pod with { Uid = reader.ReadString() }; break;
                case "service_account": pod = pod with { ServiceAccount = reader.ReadString() }; break;
                default: reader.Skip(); break;
            }
        }

        return pod;
    }
}

/// <summary>The container of a session.</summary>
public sealed record SessionContainer
{
    /// <summary>Its id, without the runtime's prefix.</summary>
    public string? Id { get; init; }

    /// <summary>Its name in the pod.</summary>
    public string? Name { get; init; }

    /// <summary>Its image.</summary>
    public string? Image { get; init; }

    /// <summary>Its runtime: containerd, cri-o, docker, …</summary>
    public string? Runtime { get; init; }

    /// <summary>Path of its cgroup.</summary>
    public string? Cgroup { get; init; }

    /// <summary>1 or 2.</summary>
    public int? CgroupVersion { get; init; }

    /// <summary>Pid of its first process as the host sees it.</summary>
    public ulong? InitPid { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("id"u8, Id);
        writer.Field("name"u8, Name);
        writer.Field("image"u8, Image);
        writer.Field("runtime"u8, Runtime);
        writer.Field("cgroup"u8, Cgroup);
        writer.Field("cgroup_version"u8, CgroupVersion);
        writer.Field("init_pid"u8, InitPid);
    }

    internal static SessionContainer Read(ref MessagePackReader reader)
    {
        var container = new SessionContainer();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "id": container = container with { Id = reader.ReadString() }; break;
                case "name": container = container with { Name = reader.ReadString() }; break;
                case "image": container = container with { Image = reader.ReadString() }; break;
                case "runtime": container = container with { Runtime = reader.ReadString() }; break;
                case "cgroup": container = container with { Cgroup = reader.ReadString() }; break;
                case "cgroup_version": container = container with { CgroupVersion = reader.ReadInt32() }; break;
                case "init_pid": container = container with { InitPid = reader.ReadUInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return container;
    }
}

/// <summary>The user of a session's root process.</summary>
public sealed record SessionUser
{
    /// <summary>Numeric user.</summary>
    public ulong? Uid { get; init; }

    /// <summary>Numeric group.</summary>
    public ulong? Gid { get; init; }

    /// <summary>The audit system's login user; null where not set.</summary>
    public ulong? LoginUid { get; init; }

    /// <summary>The user's name where it was found.</summary>
    public string? Name { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("uid"u8, Uid);
        writer.Field("gid"u8, Gid);
        writer.Field("login_uid"u8, LoginUid);
        writer.Field("name"u8, Name);
    }

    internal static SessionUser Read(ref MessagePackReader reader)
    {
        var user = new SessionUser();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "uid": user = user with { Uid = reader.ReadUInt64() }; break;
                case "gid": user = user with { Gid = reader.ReadUInt64() }; break;
                case "login_uid": user = user with { LoginUid = reader.ReadUInt64() }; break;
                case "name": user = user with { Name = reader.ReadString() }; break;
                default: reader.Skip(); break;
            }
        }

        return user;
    }
}

/// <summary>What stands behind a stream of a session.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Source">One of <see cref="StreamSource"/>, or one that a later version adds.</param>
public sealed record SessionStreamInfo(StreamId Stream, string Source)
{
    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteUInt64((byte)Stream);
        writer.WriteString(Source);
    }

    internal static SessionStreamInfo Read(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        if (count < 2)
            throw reader.Error(start, "a stream that is too short");
        var stream = new SessionStreamInfo(FrameValues.ReadStream(ref reader), reader.ReadString());
        for (int i = 2; i < count; i++)
            reader.Skip();
        return stream;
    }
}
