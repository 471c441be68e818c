using System.Text;

namespace ServeFlow.Telemetry;

/// <summary>Enum members as records and metrics spell them: <c>IdleTimeout</c> becomes <c>idle_timeout</c>.</summary>
public static class SnakeCase
{
    public static string From<T>(T value) where T : struct, Enum => FromName(value.ToString());

    /// <summary>Spells the name of a member whose type is known at run time only.</summary>
    public static string FromName(string name)
    {
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
