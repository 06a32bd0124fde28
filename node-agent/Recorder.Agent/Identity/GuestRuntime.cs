using System.Text;
using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>
/// Runtimes whose containers have a kernel of their own (a virtual machine or a kernel in user space): what happens inside never
/// reaches this kernel as processes of the container, so it can't be recorded from the node and is reported instead.
/// </summary>
internal static class GuestRuntime
{
    private static readonly (string Word, string Reason)[] Known =
    [
        ("kata", "kata: the container runs in a virtual machine"),
        ("runsc", "gvisor: the container runs on a kernel in user space"),
        ("gvisor", "gvisor: the container runs on a kernel in user space"),
        ("firecracker", "firecracker: the container runs in a virtual machine"),
        ("runu", "urunc: the container is a unikernel"),
    ];

    /// <summary>The reason, or null when none of the texts (shim path, handler, options) names such a runtime.</summary>
    public static string? Recognize(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            foreach (var (word, reason) in Known)
            {
                if (text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return reason;
            }
        }

        return null;
    }

    /// <summary>
    /// The text of a shim's options: containerd before 2.0 wrote JSON, since then <c>{"type_url": …, "value": base64 of protobuf}</c>, whose
    /// strings are readable as they stand.
    /// </summary>
    public static string Decode(string options)
    {
        try
        {
            using var document = JsonDocument.Parse(options);
            JsonElement? root = document.RootElement;
            var bytes = new byte[options.Length];
            return root.Text("value") is { } value && Convert.TryFromBase64String(value, bytes, out var used)
                ? root.Text("type_url") + " " + Encoding.Latin1.GetString(bytes, 0, used)
                : options;
        }
        catch (JsonException)
        {
            return options;
        }
    }
}
