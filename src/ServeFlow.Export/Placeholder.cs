namespace ServeFlow.Export;

static class Placeholder;
