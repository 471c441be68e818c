using ServeFlow.Cascade;
using ServeFlow.Flows;

namespace ServeFlow.Training.Evaluation;

/// <summary>A bundle answers for the unit that it was trained on, and for no other.</summary>
public static class UnitCheck
{
    /// <exception cref="InputException">Whole flows and windows, or windows of two lengths.</exception>
    public static void Require(CascadePlan plan, FlowWindows asked)
    {
        if (asked.Length != plan.Window)
        {
            throw new InputException(
                $"bundle {plan.Name} {plan.Version} classifies each {new FlowWindows(plan.Window)}, not "
                + $"each {asked}; leave the window out, or train a bundle with it")
            {
                Settings = [Setting.Window],
            };
        }
    }
}
