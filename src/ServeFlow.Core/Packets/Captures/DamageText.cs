using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Damage in the words of a message.</summary>
static class DamageText
{
    public static string Text(this DamageReason reason) => SnakeCase.From(reason).Replace('_', ' ');
}
