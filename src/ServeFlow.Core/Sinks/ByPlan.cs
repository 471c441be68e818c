using ServeFlow.Cascade;

namespace ServeFlow.Sinks;

/// <summary>
/// Holds what a sink has made of each plan that answers, made when the plan's first record comes. Any thread.
/// </summary>
/// <param name="first">The plan that answers first.</param>
/// <param name="plans">The plans of the process; null where there is that one alone.</param>
/// <param name="create">Makes it of a plan.</param>
sealed class ByPlan<T>(CascadePlan first, ServedPlans? plans, Func<CascadePlan, T> create) where T : class
{
    T?[] made = [create(first)];

    /// <param name="model">A plan's number.</param>
    public T this[int model] =>
        Volatile.Read(ref made) is var all && model < all.Length && all[model] is { } known ? known : Make(model);

    T Make(int model)
    {
        var all = Volatile.Read(ref made);
        var larger = new T?[Math.Max(all.Length, model + 1)];
        all.CopyTo(larger, 0);
        var one = larger[model] = create(plans?[model]
            ?? throw new InvalidOperationException($"a record of plan {model}, which nobody has told of"));
        Volatile.Write(ref made, larger);
        return one;
    }
}
