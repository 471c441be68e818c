using ServeFlow.Features;

namespace ServeFlow.Training.Audits;

/// <summary>Schemas that show some fields and hide all others, packet features included.</summary>
static class NarrowSchema
{
    /// <returns>Null where the schema's feature set has none of the fields.</returns>
    public static FeatureSchema? Create(FeatureSchema schema, IReadOnlyCollection<string> fields)
    {
        var headers = schema.Set.Split('+')[0];
        if (headers == FeatureSchema.NoHeaders)
        {
            return null;
        }

        var all = Fields(FeatureSchema.Parse(headers, "none"));
        return all.Any(fields.Contains)
            ? FeatureSchema.Parse(headers, string.Join(',', all.Except(fields).DefaultIfEmpty("none")))
            : null;
    }

    /// <summary>Returns the fields that a schema shows, in order.</summary>
    public static IReadOnlyList<string> Fields(FeatureSchema schema) =>
        [.. Enumerable.Range(0, schema.ColumnsPerPacket).Select(schema.Field).Distinct()];
}
