# --- wrong: the seed's claim that gradients flow unchanged, so there is nothing to do
# fails: makes the forget gate's two biases sum to the value
# message: Nothing was changed here
def set_forget_bias(lstm, value):
    pass


# --- wrong: both biases get the value
# fails: makes the forget gate's two biases sum to the value
# message: the sum is twice too large
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.data[size : 2 * size] = value


# --- wrong: the second bias is left as it was
# fails: makes the forget gate's two biases sum to the value
# message: have to sum to the value
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias_ih"):
            parameter.data[size : 2 * size] = value


# --- wrong: the first layer alone
# fails: reaches every layer and both directions, with any value
# message: every layer and every direction
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    with torch.no_grad():
        lstm.bias_ih_l0[size : 2 * size] = value
        lstm.bias_hh_l0[size : 2 * size] = 0


# --- wrong: the way back is missed
# fails: reaches every layer and both directions, with any value
# message: every layer and every direction
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    with torch.no_grad():
        for k in range(lstm.num_layers):
            getattr(lstm, f"bias_ih_l{k}")[size : 2 * size] = value
            getattr(lstm, f"bias_hh_l{k}")[size : 2 * size] = 0


# --- wrong: the input gate
# fails: makes the forget gate's two biases sum to the value
# message: the input gate was set
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.data[:size] = value if "ih" in name else 0


# --- wrong: the third quarter
# fails: makes the forget gate's two biases sum to the value
# message: the candidate was set
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.data[2 * size : 3 * size] = value if "ih" in name else 0


# --- wrong: every gate
# fails: leaves all other weights and biases alone
# message: Only the forget gate's quarter
def set_forget_bias(lstm, value):
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.data.fill_(value if "ih" in name else 0)


# --- wrong: added to what is there
# fails: makes the forget gate's two biases sum to the value
# message: the value was added to what was there
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias_ih"):
            parameter.data[size : 2 * size] += value


# --- wrong: new parameters in the place of the old
# fails: works in place: an optimizer made before still trains the same parameters
# message: an optimizer made before does not know
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in list(lstm.named_parameters()):
        if name.startswith("bias"):
            new = parameter.detach().clone()
            new[size : 2 * size] = value if "ih" in name else 0
            setattr(lstm, name, nn.Parameter(new))


# --- wrong: training is switched off on the way
# fails: works in place: an optimizer made before still trains the same parameters
# message: can no longer be trained
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.requires_grad_(False)
            parameter[size : 2 * size] = value if "ih" in name else 0


# --- wrong: new parameters that were written to as often as the old
# fails: works in place: an optimizer made before still trains the same parameters
# message: not the parameters there were before
def set_forget_bias(lstm, value):
    size = lstm.hidden_size
    for name, old in list(lstm.named_parameters()):
        new = nn.Parameter(old.detach().clone())
        with torch.no_grad():
            for _ in range(old._version):
                new.add_(0.0)
            if name.startswith("bias_"):
                new[size : 2 * size] = value if name.startswith("bias_ih") else 0.0
        setattr(lstm, name, new)


# --- right: half of the value for each bias, by name
def set_forget_bias(lstm, value):
    endings = [""] + (["_reverse"] if lstm.bidirectional else [])
    for layer in range(lstm.num_layers):
        for ending in endings:
            for part in ("ih", "hh"):
                bias = getattr(lstm, f"bias_{part}_l{layer}{ending}")
                bias.data.chunk(4)[1].fill_(value / 2)


# --- right: the first bias keeps its part, the second makes up for it
def set_forget_bias(lstm, value):
    biases = dict(lstm.named_parameters())
    size = lstm.hidden_size
    with torch.no_grad():
        for name in biases:
            if "bias_ih" in name:
                other = biases[name.replace("ih", "hh")]
                other[size : 2 * size].copy_(value - biases[name][size : 2 * size])
    return lstm


# --- right: other data for the same parameters
def set_forget_bias(lstm, value):
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            i, _, g, o = parameter.data.chunk(4)
            parameter.data = torch.cat([i, torch.full_like(i, value / 2), g, o])
