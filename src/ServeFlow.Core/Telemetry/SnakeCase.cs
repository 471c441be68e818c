using System.Text;

namespace ServeFlow.Telemetry;

/// <summary>Enum members as records and metrics spell them: <c>IdleTimeout</c> becomes <c>idle_timeout</c>.</summary>
public static class SnakeCase
{
    public static string From<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
